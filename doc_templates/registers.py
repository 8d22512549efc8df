"""The bases of mentors and mentees on paper: who takes part, and no more than that; journals."""

from collections.abc import Sequence

from doc_templates import phrases as p
from doc_templates.layout import Paper

# The list of № 236 of 20.12.2019 was not seen to name them; kept like other papers of the pairs.
LEFT_MM = 20

JOURNAL_LEFT_MM = 30  # a journal of orders is kept as long as they are: № 236, art. 19а

_BLANK_ROWS = "row in [none, none, none, none, none, none, none, none, none, none]"


def register_mentors() -> bytes:
    """Register of mentors."""
    return _register(
        "Реестр наставников",
        "наставников",
        "row in mentors_base",
        (("Опыт работы", "{{ row.experience }}"),),
    )


def register_mentees() -> bytes:
    """Register of mentees."""
    return _register("Реестр наставляемых", "наставляемых", "row in mentees_base", ())


def register_programmes() -> bytes:
    """Register of programmes and best practices: what may be spread, and where it is found."""
    paper = Paper("Реестр программ и лучших практик", left_mm=LEFT_MM, spacing=1, landscape=True)
    p.letterhead(paper)
    paper.title(
        "РЕЕСТР",
        "программ и лучших практик наставничества",
        "на {{ school_year }}~учебный год",
        before=8,
        after=8,
    )
    paper.para("В реестр вносится программа или практика, если:", keep=True)
    paper.tag("for text in criteria")
    paper.para("—~{{ text }}{% if loop.last %}.{% else %};{% endif %}")
    paper.tag("endfor")
    paper.para("", indent=False, size=8)
    p.rows_or_blanks(
        paper,
        "practices",
        (
            ("Программа или практика", 60, "{{ row.title }}"),
            ("Форма наставничества", 41, "{{ row.form }}"),
            ("Организация", 48, "{{ row.organisation }}"),
            ("Годы", 25, "{{ row.years }}"),
            ("Результат", 44, "{{ row.result }}"),
            ("Где опубликовано", 36, "{{ row.link }}"),
        ),
        blanks=4,
        centred=(0, 4),
    )
    paper.para(
        "Имена авторов в реестр не вносятся: они названы в самих материалах, если авторы дали "
        "на это согласие.",
        before=6,
        keep=True,
    )
    p.curator_signs(paper)
    return paper.bytes()


def register_participants() -> bytes:
    """Personified register: who takes part, by codes, with form, term and outcome.

    Of organisations below: by name who consented to that, all others as a number.
    """
    paper = Paper("Реестр персонифицированного учёта", left_mm=LEFT_MM, spacing=1)
    p.letterhead(paper)
    paper.title(
        "РЕЕСТР",
        "персонифицированного учёта участников",
        "программы наставничества «{{ programme }}»",
        "за {{ school_year }}~учебный год",
        before=8,
        after=8,
    )
    paper.tag("if people_below")
    _below(paper)
    paper.tag("endif")
    paper.tag("if participants or not people_below")
    paper.para(
        "Каждый участник обозначен кодом. Соответствие кодов и фамилий куратор хранит отдельно "
        "от реестра. Даты рождения, адреса, телефоны, сведения о здоровье и успеваемости "
        "не вносятся.",
        after=6,
    )
    _participants(paper)
    paper.tag("endif")
    paper.para(
        "Участник исключается из реестра, когда согласие на обработку его данных отозвано, "
        "а иных оснований для неё нет.",
        before=6,
        keep=True,
    )
    p.curator_signs(paper)
    return paper.bytes()


def journal() -> bytes:
    """A journal's year: numbers, days, documents, and what became of a number."""
    paper = Paper("Журнал регистрации", left_mm=JOURNAL_LEFT_MM, spacing=1)
    paper.tag("if journal_owner")
    paper.para("{{ journal_owner }}", align="center", indent=False, after=8)
    paper.tag("endif")
    paper.title("{{ journal_title|upper }}", before=8, after=0)
    paper.tag("if journal_year")
    paper.para("за {{ journal_year }}~год", align="center", indent=False, bold=True, before=4)
    paper.tag("else")
    paper.para("за 20____~год", align="center", indent=False, bold=True, before=4)
    paper.tag("endif")
    paper.para("", indent=False, size=8)
    p.rows_or_blanks(
        paper,
        "journal_lines",
        (
            ("Номер", 29, "{{ row.number }}"),
            ("Дата", 25, "{{ row.day }}"),
            ("Документ", 63, "{{ row.document }}"),
            ("Отметка", 40, "{{ row.note }}"),
        ),
        blanks=20,
        centred=(0, 1, 2),
    )
    keeper = "{% if journal_keeper %}{{ journal_keeper }}{% else %}____________________{% endif %}"
    paper.signatures(("Ответственный за ведение журнала", keeper), gap=18, below=p.BLANK_DATE)
    return paper.bytes()


def _below(paper: Paper) -> None:
    paper.para(
        "По именам названы только участники, чьё согласие на передачу данных действует и называет "
        "получателем {{ organisation.short_name }}. Остальные учтены числом.",
        after=6,
    )
    paper.tag("if named_below")
    paper.table(
        ("№ п/п", "Фамилия, имя, отчество", "Роль", "Форма наставничества", "Организация"),
        (13, 55, 30, 40, 42),
        "row in named_below",
        (
            "{{ loop.index }}",
            "{{ row.name }}",
            "{{ row.part|capfirst }}",
            "{{ row.form|capfirst }}",
            "{{ row.organisation }}",
        ),
        centred=(0,),
    )
    paper.para("", indent=False, size=8)
    paper.tag("endif")
    paper.table(
        ("Организация", "Участники, чел.", "Из них названы", "Без имён"),
        (84, 32, 32, 32),
        "row in people_below",
        ("{{ row.organisation }}", "{{ row.people }}", "{{ row.named }}", "{{ row.unnamed }}"),
        centred=(1, 2, 3),
    )
    paper.para("", indent=False, size=8)


def _participants(paper: Paper) -> None:
    heads = ("№ п/п", "Код", "Кто и в какой роли", "Форма наставничества", "Срок", "Итог")
    widths = (13, 25, 41, 40, 33, 28)
    cells = (
        "{{ loop.index }}",
        "{{ row.code }}",
        "{{ row.category|capfirst }}, {{ row.part }}",
        "{{ row.form }}",
        "{{ row.since }}{% if row.until %}~— {{ row.until }}{% endif %}",
        "{{ row.outcome }}",
    )
    paper.tag("if participants")
    paper.table(
        heads,
        widths,
        "row in group.rows",
        cells,
        group=("group in participants", "{{ group.title }}: {{ group.rows|length }}~чел."),
    )
    paper.tag("else")
    paper.table(heads, widths, _BLANK_ROWS, ("{{ loop.index }}\n", "", "", "", "", ""))
    paper.tag("endif")


def _register(title: str, whose: str, loop: str, more: Sequence[tuple[str, str]]) -> bytes:
    paper = Paper(title, left_mm=LEFT_MM, spacing=1.1)
    p.letterhead(paper)
    paper.title(
        "РЕЕСТР",
        f"{whose}{{% if among %}} из числа {{{{ among }}}}{{% endif %}}",
        "программы наставничества «{{ programme }}»",
        "на {{ school_year }}~учебный год",
        before=12,
        after=10,
    )
    columns = (
        ("№ п/п", "{{ loop.index }}"),
        ("Фамилия, имя, отчество", p.name("row.person")),
        (
            "Должность или учебная группа",
            p.post("row.person", "—"),
        ),
        ("Категория", "{{ row.category|capfirst }}"),
        *more,
    )
    heads, cells = zip(*columns, strict=True)
    widths = (13, 58, 51, 31, 27) if more else (13, 68, 62, 37)
    paper.table(heads, widths, loop, cells, centred=(0, 4))
    paper.para(
        f"Всего в реестре: {{{{ {loop.rsplit(maxsplit=1)[-1]}|length }}}}~чел.",
        indent=False,
        align="left",
        before=6,
        keep=True,
    )
    p.curator_signs(paper)
    return paper.bytes()
