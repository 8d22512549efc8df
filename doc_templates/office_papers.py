"""The sheet of approvals of a document, and the act on what was destroyed.

Sources of their rules: the act on personal data holds every item of the Requirements of
Роскомнадзор (order № 179 of 28.10.2022, in force until 01.03.2029) and is kept 3 years from the
destruction; where data were kept in a system, an extract of its log goes with it.
"""

from doc_templates import phrases as p
from doc_templates.layout import Paper

SHEET_LEFT_MM = 20
ACT_LEFT_MM = 30  # acts on destroyed papers stay in the archive's own file for good

_LINE = "_" * 40


def approval_sheet() -> bytes:
    """Who approved which version of a document, with what remarks and when."""
    paper = Paper("Лист согласования", left_mm=SHEET_LEFT_MM, spacing=1, landscape=True)
    p.letterhead(paper)
    paper.title(
        "ЛИСТ СОГЛАСОВАНИЯ",
        (
            "к документу {% if approved_document %}«{{ approved_document }}»"
            f"{{% else %}}{_LINE}{{% endif %}}"
        ),
        before=4,
        after=8,
    )
    p.rows_or_blanks(
        paper,
        "approvals",
        (
            ("Кто согласовал, должность", 58, "{{ row.person }}, {{ row.post }}"),
            ("Версия", 18, "{{ row.version }}"),
            ("Решение", 33, "{{ row.decision|capfirst }}"),
            ("Замечание", 58, "{{ row.remark|capfirst }}"),
            ("Дата и время", 32, "{{ row.day }}"),
            ("Контрольная сумма файла (SHA-256)", 55, "{{ row.sha256 }}"),
        ),
        blanks=6,
        centred=(0, 2, 5),
    )
    paper.para(
        "Решение относится только к той версии, контрольная сумма файла которой указана в этой же "
        "строке. Изменённый текст — новая версия; кто решает о ней, говорит маршрут документа.",
        before=8,
        size=12,
    )
    p.curator_signs(paper)
    return paper.bytes()


def destruction_act() -> bytes:
    """Act on destroyed papers, on destroyed personal data, or on both.

    With neither given it is a form about personal data to be filled by hand.
    """
    paper = Paper("Акт об уничтожении", left_mm=ACT_LEFT_MM, spacing=1)
    p.letterhead(paper)
    p.approval(paper)
    paper.title("АКТ", f"об уничтожении {_SUBJECT}", before=12, after=8)
    paper.both_ends(p.DATE, f"№~{p.NUMBER}", after=10)
    _who(paper)
    paper.tag("if destroyed_papers")
    _papers(paper)
    paper.tag("endif")
    paper.tag("if subjects or not destroyed_papers")
    _personal_data(paper)
    paper.tag("endif")
    paper.para(
        "Уничтожение подтверждают лица, которые его провели:",
        before=8,
        after=6,
        indent=False,
        align="left",
        keep=True,
    )
    p.rows_or_blanks(
        paper,
        "commission",
        (
            # A second line, so that a row is high enough to sign in.
            ("Фамилия, имя, отчество", 62, f"{p.name('row.person')}\n"),
            ("Должность", 55, p.post("row.person", "—")),
            ("Подпись", 40, ""),
        ),
        blanks=3,
    )
    return paper.bytes()


_SUBJECT = (
    "{% if destroyed_papers %}документов с истекшими сроками хранения{% if subjects %} "
    "и~персональных данных{% endif %}{% else %}персональных данных{% endif %}"
)


_PROCESSORS = (
    "{% if processors %}{% for item in processors %}{{ item.name }}, адрес: {{ item.address }}"
    "{% if not loop.last %}; {% endif %}{% endfor %}"
    "{% else %}обработка другим лицам не поручалась{% endif %}."
)


def _who(paper: Paper) -> None:
    for label, text in (
        ("Оператор", "{{ organisation.name }} (ИНН~{{ organisation.inn }})."),
        ("Адрес оператора", "{{ organisation.address }}."),
        ("Лица, обрабатывающие данные по поручению оператора", _PROCESSORS),
        (
            "Основание",
            (
                "{{ ground }}{% if destruction_order %}; приказ "
                f"{p.cased('organisation.director.post', 'gent')} {p.dated('destruction_order')}"
                "{% endif %}."
            ),
        ),
        ("Способ уничтожения", "{{ method }}."),
        (
            "Дата уничтожения",
            (
                "{% if destroyed_on %}{{ destroyed_on.words }}{% elif by_service %}"
                "в день, когда акт вступает в силу; время записано в журнале событий."
                f"{{% else %}}{p.BLANK_DATE}{{% endif %}}"
            ),
        ),
    ):
        paper.para(f"**{label}:** {text}", after=3)


def _papers(paper: Paper) -> None:
    p.caption(paper, "Документы, сроки хранения которых истекли")
    p.rows_or_blanks(
        paper,
        "destroyed_papers",
        (
            ("Вид документов (дел), номера", 58, "{{ row.title }}"),
            ("Годы", 24, "{{ row.years }}"),
            ("Кол-во", 18, "{{ row.count }}"),
            ("Срок хранения, статья перечня", 57, "{{ row.term }}"),
        ),
        blanks=4,
        centred=(0, 2, 3),
    )
    paper.para(
        "Сроки исчислены с 1~января года, следующего за годом окончания дел. Документов, которые "
        "подлежат постоянному хранению или нужны для незавершённых дел, среди уничтоженных нет. "
        "{% if expert_minutes or not by_service %}"
        f"Перечень рассмотрен экспертной комиссией (протокол {p.dated('expert_minutes')})."
        "{% endif %}",
        before=4,
    )


def _personal_data(paper: Paper) -> None:
    p.caption(paper, "Уничтоженные персональные данные")
    p.rows_or_blanks(
        paper,
        "subjects",
        (
            ("Чьи данные", 27, "{{ row.person }}"),
            ("Категории данных", 39, "{{ row.categories }}"),
            ("Носитель, число листов", 27, "{{ row.carrier }}"),
            ("Информационная система", 40, "{{ row.system }}"),
            ("Причина", 24, "{{ row.reason }}"),
        ),
        blanks=4,
    )
    paper.para(
        "Если данные хранились в информационной системе, к акту приложена выгрузка из журнала "
        "регистрации событий: чьи данные, их категории, название системы, причина и дата "
        "уничтожения. Акт и выгрузка хранятся три года с момента уничтожения.",
        before=4,
        keep=True,  # with the signatures, so that they are not overleaf on their own
    )
