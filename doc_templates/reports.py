"""Reports: the yearly closing one, and the curator's own to the director."""

from doc_templates import phrases as p
from doc_templates.layout import Paper

LEFT_MM = 30  # until the organisation sets a term, the report is kept as long as its orders
CURATOR_LEFT_MM = 20  # goes into the yearly report; no article of № 236 was seen to name it


def report() -> bytes:
    """Report on the programme for a school year, approved by the director."""
    paper = Paper("Отчёт о реализации программы наставничества", left_mm=LEFT_MM)
    p.approval(paper)
    paper.title(
        "ОТЧЁТ",
        "о реализации программы наставничества",
        "«{{ programme }}»",
        "за {{ school_year }}~учебный год",
        before=24,
        after=12,
    )
    paper.section("1. Общие сведения")
    paper.para(
        f"Программа реализована в {p.SHORT} {p.TERM} Сопровождение пар осуществлял куратор "
        f"программы наставничества {p.name_and_post('curator')}."
    )
    paper.para("Сведения о работе пар приведены в таблице~1.", after=6, keep=True)
    p.caption(paper, "Таблица 1~— Пары, встречи и мониторинг")
    paper.figures(
        (
            ("Наставники, чел.", "{{ mentors }}"),
            ("Наставляемые, чел.", "{{ mentees }}"),
            ("Наставляемые из базы, пока без пары, чел.", "{{ unmatched }}"),
            ("Сформировано пар", "{{ pairs_total }}"),
            ("в том числе завершили программу", "{{ pairs_completed }}"),
            ("в том числе прекратили работу досрочно", "{{ pairs_stopped }}"),
            ("Проведено встреч", "{{ meetings }}"),
            ("Пары, прошедшие промежуточный мониторинг", "{{ monitoring_interim }}"),
            ("Пары, прошедшие итоговый мониторинг", "{{ monitoring_final }}"),
        )
    )
    paper.section("2. Показатели программы")
    p.caption(paper, "Таблица 2~— Плановые и достигнутые значения показателей")
    paper.table(
        ("№ п/п", "Показатель", "Ед. изм.", "План", "Факт", "Источник сведений"),
        (13, 56, 29, 17, 16, 39),
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
    _targets(paper)
    _programme_indicators(paper)
    p.origins(paper)
    for number, (heading, items) in enumerate(
        (("Выводы", "conclusions"), ("Предложения на следующий год", "proposals")), start=5
    ):
        paper.section(f"{number}. {heading}")
        paper.tag(f"for text in {items}")
        # The last section stays with the signature: that must not stand alone on a page.
        paper.para(f"{number}.{{{{ loop.index }}}}.~{{{{ text }}}}", keep=items == "proposals")
        paper.tag("endfor")
    p.log_checkpoint(paper)
    p.curator_signs(paper)
    return paper.bytes()


def curator_report() -> bytes:
    """What the curator tells the director: people, pairs, meetings, events, difficulties."""
    paper = Paper("Отчёт куратора", left_mm=CURATOR_LEFT_MM, spacing=1.1)
    p.to_director(paper)
    paper.title(
        "ОТЧЁТ",
        "куратора программы наставничества",
        "«{{ programme }}»",
        "{% if period %}за {{ period }}{% else %}за {{ school_year }}~учебный год{% endif %}",
        before=18,
        after=10,
    )
    paper.section("1. Базы, пары и встречи")
    paper.para(
        "Числа приведены нарастающим итогом с начала учебного года на день подписания отчёта.",
        after=4,
        keep=True,
    )
    paper.figures(
        (
            ("Наставники, чел.", "{{ mentors }}"),
            ("Наставляемые, чел.", "{{ mentees }}"),
            ("Наставляемые из базы, пока без пары, чел.", "{{ unmatched }}"),
            ("Сформировано пар и групп", "{{ pairs_total }}"),
            ("из них завершили программу", "{{ pairs_completed }}"),
            ("из них прекратили работу досрочно", "{{ pairs_stopped }}"),
            ("Проведено встреч", "{{ meetings }}"),
            ("Пары, прошедшие промежуточный мониторинг", "{{ monitoring_interim }}"),
            ("Пары, прошедшие итоговый мониторинг", "{{ monitoring_final }}"),
        )
    )
    p.origins(paper)
    _happened(paper)
    paper.section("4. Предложения")
    paper.tag("for text in proposals")
    paper.para("4.{{ loop.index }}.~{{ text }}", keep=True)
    paper.tag("endfor")
    p.curator_signs(paper)
    return paper.bytes()


def _happened(paper: Paper) -> None:
    """Events and difficulties, or rows to write them in."""
    paper.section("2. Мероприятия")
    p.rows_or_blanks(
        paper,
        "events",
        (
            ("Мероприятие", 66, "{{ row.title }}"),
            ("Дата", 36, "{{ row.day.words }}"),
            ("Участники, чел.", 30, "{{ row.people }}"),
            ("Чем подтверждено", 35, "{{ row.proof }}"),
        ),
        blanks=5,
        centred=(0, 3),
    )
    paper.section("3. Трудности и принятые меры")
    p.rows_or_blanks(
        paper,
        "problems",
        (
            ("Трудность", 72, "{{ row.finding }}"),
            ("Что сделано", 95, "{{ row.action }}"),
        ),
        blanks=4,
    )


def _targets(paper: Paper) -> None:
    paper.section("3. Планируемые результаты")
    paper.tag("if targets_reached")
    p.caption(paper, "Таблица 3~— Планируемые и достигнутые результаты")
    paper.table(
        ("№ п/п", "Планируемый результат", "План", "Факт"),
        (13, 85, 36, 36),
        "row in targets_reached",
        ("{{ loop.index }}", "{{ row.title|capfirst }}", "{{ row.plan }}", "{{ row.fact }}"),
        centred=(0, 2, 3),
    )
    paper.tag("else")
    paper.para("Планируемые результаты программой не установлены.")
    paper.tag("endif")


def _programme_indicators(paper: Paper) -> None:
    paper.section("4. Целевые индикаторы")
    paper.tag("if indicator_values")
    p.caption(paper, "Таблица 4~— Значения целевых индикаторов")
    paper.table(
        ("№ п/п", "Индикатор", "Ед. изм.", "План", "Факт", "Источник сведений"),
        (13, 56, 22, 19, 20, 40),
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
    paper.tag("else")
    paper.para("Целевые индикаторы программой не установлены.")
    paper.tag("endif")
