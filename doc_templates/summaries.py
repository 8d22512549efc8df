"""Figures gathered and weighed: an organisation's form, a municipality's summary, a note."""

from collections.abc import Sequence

from doc_templates import phrases as p
from doc_templates.layout import Paper

# A filled form is summed up in the report of the level above; no article of № 236 was seen for it.
FORM_LEFT_MM = 20
LEFT_MM = 30  # until the organisation sets a term, kept as long as the yearly report

_PAPERS = (
    "Положение о наставничестве",
    "Программа наставничества",
    "План мероприятий («дорожная карта»)",
    "Приказ о назначении куратора",
    "Приказ об утверждении пар (групп)",
)
_SHARES = (
    "Обучающиеся, у которых есть наставник",
    "Обучающиеся, которые сами стали наставниками",
    "Педагоги, которые стали наставниками",
    "Педагоги моложе 35 лет, которых поддерживает наставник",
)


def organisation_monitoring() -> bytes:
    """An organisation's yearly form for the centre that gathers them."""
    paper = Paper("Форма мониторинга", left_mm=FORM_LEFT_MM, spacing=1)
    p.letterhead(paper)
    paper.title(
        "ФОРМА МОНИТОРИНГА",
        "реализации целевой модели наставничества в организации",
        "за {{ school_year }}~учебный год",
        before=8,
        after=6,
    )
    paper.para(
        "Форма направляется в наставнический центр, который собирает сведения, не позднее "
        "{{ row_due.words }} Она содержит только числа и реквизиты документов; сведения "
        "об участниках к ней не прилагаются. Данные приведены на день подписания.",
        after=4,
    )
    _about(paper)
    _papers(paper)
    _by_form(paper)
    _shares(paper)
    _work(paper)
    p.origins(paper)
    paper.section("6. Практики для распространения")
    p.rows_or_blanks(
        paper,
        "practices",
        (
            ("Программа или практика", 60, "{{ row.title }}"),
            ("Форма наставничества", 42, "{{ row.form }}"),
            ("Результат и где опубликовано", 65, "{{ row.result }}; {{ row.link }}"),
        ),
        blanks=3,
    )
    paper.section("7. Трудности и запросы к центру")
    _lines(paper, "difficulties", 2)
    p.log_checkpoint(paper)
    p.director_signs(paper)
    return paper.bytes()


def _about(paper: Paper) -> None:
    paper.section("1. Организация")
    paper.figures(
        (
            ("Руководитель", p.name_and_post("organisation.director")),
            ("Куратор программы", p.name_and_post("curator")),
            ("Телефон и электронная почта куратора", ""),
            ("Программа", "«{{ programme }}»"),
            ("Раздел о наставничестве на сайте", "{% if site %}{{ site }}{% endif %}"),
        ),
        value_mm=110,
        heads=("Сведения", "Содержание"),
        value_align="left",
    )


def _papers(paper: Paper) -> None:
    paper.section("2. Документы")
    heads, widths = ("№ п/п", "Документ", "Дата и номер"), (13, 107, 60)
    paper.tag("if papers")
    paper.table(
        heads,
        widths,
        "row in papers",
        ("{{ loop.index }}", "{{ row.title }}", "от~{{ row.date_words }} №~{{ row.number }}"),
    )
    paper.tag("else")
    named = ", ".join(f"'{title}'" for title in _PAPERS)
    paper.table(
        heads,
        widths,
        f"title in ['Приказ о внедрении целевой модели', {named}]",
        (
            "{{ loop.index }}",
            "{{ title }}",
            (
                f"{{% if loop.first %}}{p.dated('introduction_order')}"
                "{% else %}от~______________ №~______{% endif %}"
            ),
        ),
    )
    paper.tag("endif")


def _by_form(paper: Paper) -> None:
    paper.section("3. Участники по формам наставничества")
    numbers = ("mentors", "mentees", "pairs", "completed")
    paper.table(
        (
            "№ п/п",
            "Форма наставничества",
            "Настав\u00adники, чел.",
            "Настав\u00adляемые, чел.",
            "Пары и группы",
            "Из них завершили",
        ),
        (13, 59, 27, 29, 25, 27),
        "row in by_form or forms",
        (
            "{{ loop.index }}",
            "{% if by_form %}{{ row.form|capfirst }}{% else %}{{ row|capfirst }}{% endif %}",
            *(f"{{% if by_form %}}{{{{ row.{name} }}}}{{% endif %}}" for name in numbers),
        ),
        centred=(0, 2, 3, 4, 5),
        foot=(
            "",
            "Всего",
            "{{ mentors }}",
            "{{ mentees }}",
            "{{ pairs_total }}",
            "{{ pairs_completed }}",
        ),
    )
    paper.para(
        "Участник, занятый в нескольких формах, в строке «Всего» учтён один раз.",
        align="left",
        indent=False,
        size=12,
        before=2,
    )


def _shares(paper: Paper) -> None:
    paper.section("4. Доля участников")
    named = ", ".join(f"'{title}'" for title in _SHARES)
    whose = ("whole", "involved", "percent")
    paper.table(
        ("№ п/п", "Кто участвует", "Всего в организации, чел.", "Участвуют, чел.", "Доля, %"),
        (13, 79, 36, 30, 22),
        f"row in shares or [{named}]",
        (
            "{{ loop.index }}",
            "{% if shares %}{{ row.title|capfirst }}{% else %}{{ row }}{% endif %}",
            *(f"{{% if shares %}}{{{{ row.{name} }}}}{{% endif %}}" for name in whose),
        ),
        centred=(0, 2, 3, 4),
    )


def _work(paper: Paper) -> None:
    paper.section("5. Работа пар и групп")
    paper.figures(
        (
            ("Проведено встреч", "{{ meetings }}"),
            ("Пары, прошедшие промежуточный мониторинг", "{{ monitoring_interim }}"),
            ("Пары, прошедшие итоговый мониторинг", "{{ monitoring_final }}"),
            ("Пары, прекратившие работу досрочно", "{{ pairs_stopped }}"),
            ("Наставляемые из базы, пока без пары, чел.", "{{ unmatched }}"),
        )
    )
    _reached(paper)


def _reached(paper: Paper) -> None:
    """Planned results beside what was reached, if the programme plans any."""
    paper.tag("if targets_reached")
    p.caption(paper, "Планируемые и достигнутые результаты")
    narrow = (13, 38, 38)
    paper.table(
        ("№ п/п", "Планируемый результат", "План", "Факт"),
        (narrow[0], paper.width_mm - sum(narrow), *narrow[1:]),
        "row in targets_reached",
        ("{{ loop.index }}", "{{ row.title|capfirst }}", "{{ row.plan }}", "{{ row.fact }}"),
        centred=(0, 2, 3),
    )
    paper.tag("endif")


def municipal_summary() -> bytes:
    """A municipality's report: a row per organisation, with totals."""
    paper = Paper("Сводный отчёт", left_mm=LEFT_MM, spacing=1, landscape=True)
    p.approval(paper)
    paper.title(
        "СВОДНЫЙ ОТЧЁТ",
        "о реализации программы наставничества",
        "«{{ programme }}»",
        "по сведениям организаций за {{ school_year }}~учебный год",
        before=10,
        after=8,
    )
    paper.section("1. Сведения организаций")
    paper.para(
        "Отчёт составлен по сведениям, которые организации представили сами и подтвердили "
        "документами.{% if organisations_below %} Организаций в отчёте: "
        "{{ organisations_below|length }}.{% endif %} Координатор программы: "
        f"{p.name_and_post('curator')}.",
        after=4,
    )
    _organisations(paper)
    paper.para(
        "{% if not_reported %}Не представили сведений: {{ not_reported|join('; ') }}."
        "{% elif not_reported == none %}Не представили сведений: ______________________________."
        "{% else %}Сведения представили все организации.{% endif %}",
        before=4,
    )
    _indicators(paper, "2. Показатели", (13, 100, 32, 30, 30, 52))
    _closing(paper, 3)
    return paper.bytes()


def _organisations(paper: Paper) -> None:
    numbers = ("mentors", "mentees", "pairs", "completed", "stopped", "meetings")
    p.rows_or_blanks(
        paper,
        "organisations_below",
        (
            ("Организация", 76, "{{ row.name }}"),
            ("Настав\u00adники, чел.", 24, "{{ row.mentors }}"),
            ("Настав\u00adляемые, чел.", 27, "{{ row.mentees }}"),
            ("Пары и группы", 21, "{{ row.pairs }}"),
            ("Завер\u00adшили", 21, "{{ row.completed }}"),
            ("Прекра\u00adтили досрочно", 24, "{{ row.stopped }}"),
            ("Встречи", 22, "{{ row.meetings }}"),
            ("Отчёт представлен", 29, "{{ row.reported }}"),
        ),
        blanks=8,
        centred=(0, 2, 3, 4, 5, 6, 7, 8),
        foot=(
            "",
            "Всего",
            *(
                f"{{% if organisations_below %}}{{{{ organisations_below|sum('{name}') }}}}"
                "{% endif %}"
                for name in numbers
            ),
            "",
        ),
    )


def analytical_note() -> bytes:
    """What the year's figures mean: what worked, what did not, why, and what follows."""
    paper = Paper("Аналитическая справка", left_mm=LEFT_MM)
    p.letterhead(paper)
    paper.title(
        "АНАЛИТИЧЕСКАЯ СПРАВКА",
        "об итогах реализации программы наставничества",
        "«{{ programme }}»",
        "за {{ school_year }}~учебный год",
        before=8,
        after=10,
    )
    paper.section("1. На чём основана справка")
    paper.tag("for text in sources")
    paper.para("—~{{ text }}{% if loop.last %}.{% else %};{% endif %}")
    paper.tag("endfor")
    _state(paper)
    _indicators(paper, "3. Показатели: план и факт", (13, 56, 29, 17, 16, 39))
    paper.section("4. Что удалось")
    _lines(paper, "strengths", 3)
    paper.section("5. Что не удалось и почему")
    p.rows_or_blanks(
        paper,
        "problems",
        (
            ("Что не удалось", 52, "{{ row.finding }}"),
            ("Причина", 49, "{{ row.reason }}"),
            ("Что предлагается", 56, "{{ row.action }}"),
        ),
        blanks=4,
    )
    _closing(paper, 6)
    return paper.bytes()


def _state(paper: Paper) -> None:
    paper.section("2. Участники и работа пар")
    paper.figures(
        (
            ("Наставники, чел.", "{{ mentors }}"),
            ("Наставляемые, чел.", "{{ mentees }}"),
            ("Сформировано пар и групп", "{{ pairs_total }}"),
            ("из них завершили программу", "{{ pairs_completed }}"),
            ("из них прекратили работу досрочно", "{{ pairs_stopped }}"),
            (
                "из них продолжают работу",
                "{{ pairs_total - pairs_completed - pairs_stopped }}",
            ),
            ("Проведено встреч", "{{ meetings }}"),
            ("Пары, прошедшие промежуточный мониторинг", "{{ monitoring_interim }}"),
            ("Пары, прошедшие итоговый мониторинг", "{{ monitoring_final }}"),
        )
    )
    paper.para(
        "{% if organisations_below %}Сведения представили организации, всего "
        "{{ organisations_below|length }}. {% endif %}{% if unmatched %}Наставляемых без пары: "
        "{{ unmatched }}; подбор наставников для них продолжается.{% else %}Наставляемых без пары "
        "в базе нет.{% endif %}",
        before=4,
    )


def _indicators(paper: Paper, heading: str, widths: Sequence[float]) -> None:
    paper.section(heading)
    paper.tag("if indicators")
    paper.table(
        ("№ п/п", "Показатель", "Ед. изм.", "План", "Факт", "Источник сведений"),
        widths,
        "row in indicators",
        (
            "{{ loop.index }}",
            "{{ row.name }}",
            "{{ row.unit }}",
            "{{ row.plan }}",
            "{{ row.fact }}",
            "{{ row.source }}",
        ),
        centred=(0, 2, 3, 4),
    )
    paper.tag("else")
    paper.para("Показатели с числовыми значениями программой не установлены.")
    paper.tag("endif")
    paper.tag("if indicator_values")
    p.caption(paper, "Целевые индикаторы программы")
    paper.table(
        ("№", "Индикатор", "Ед. изм.", "План", "Факт", "Источник сведений"),
        widths,
        "row in indicator_values",
        (
            "{{ row.number }}",
            "{{ row.title|capfirst }}",
            "{{ row.unit }}",
            "{{ row.plan }}",
            "{{ row.value }}",
            "{{ row.source }}",
        ),
        centred=(0, 2, 3, 4),
    )
    paper.tag("endif")
    _reached(paper)


def _lines(paper: Paper, texts: str, blanks: int) -> None:
    """Sentences, or lines to write them on."""
    paper.tag(f"if {texts}")
    paper.tag(f"for text in {texts}")
    paper.para("—~{{ text }}")
    paper.tag("endfor")
    paper.tag("else")
    for _ in range(blanks):
        paper.fill_in("")
    paper.tag("endif")


def _closing(paper: Paper, first: int) -> None:
    """Where figures are from, conclusions and proposals; the last of these stays on one page with
    the signature.
    """
    p.origins(paper)
    for number, (heading, items) in enumerate(
        (("Выводы", "conclusions"), ("Предложения", "proposals")), start=first
    ):
        paper.section(f"{number}. {heading}")
        paper.tag(f"for text in {items}")
        paper.para(f"{number}.{{{{ loop.index }}}}.~{{{{ text }}}}", keep=items == "proposals")
        paper.tag("endfor")
    p.log_checkpoint(paper)
    p.curator_signs(paper)
