"""What a mentor plans for a group and tells of a pair, and what a mentee notes for himself."""

from doc_templates import phrases as p
from doc_templates.layout import Paper

# № 236 of 20.12.2019: plans 5 years (art. 200); the list was not seen to name the other two.
LEFT_MM = 20

_MENTEE = p.by_gender("mentee", "Наставляемый", "Наставляемая")


def individual_plan_group() -> bytes:
    """Plan of one mentor's work with several mentees, approved by the director."""
    paper = Paper("План работы с группой наставляемых", left_mm=LEFT_MM, size=13, spacing=1)
    p.approval(paper)
    paper.title("ПЛАН", f"работы наставника с группой наставляемых {p.TERM}", before=8, after=6)
    for label, text in (
        ("Наставник", p.name_and_post("mentor")),
        ("Куратор", p.name_and_post("curator")),
        ("Форма наставничества", p.FORM),
    ):
        paper.para(f"**{label}:** {text}.", indent=False, align="left", after=3)
    paper.para("**Цель:** {{ goal }}.")
    paper.para("**Задачи:** {{ tasks|join('; ') }}.", before=3)
    paper.section("1. Состав группы")
    p.rows_or_blanks(
        paper,
        "group_mentees",
        (
            ("Наставляемый", 54, p.name("row.person")),
            ("Класс, группа, должность", 42, p.post("row.person", "")),
            ("Личная задача", 45, "\n"),
            ("Подпись", 26, ""),
        ),
        blanks=5,
    )
    paper.section("2. Мероприятия")
    paper.table(
        ("№ п/п", "Мероприятие", "Для кого", "Срок", "Ожидаемый результат", "Отметка"),
        (11, 46, 26, 33, 40, 24),
        "activity in activities",
        (
            "{{ loop.index }}",
            "{{ activity.text }}",
            "{{ activity.whose|capfirst }}",
            "{{ activity.term|capfirst }}",
            "{{ activity.result }}",
            "",
        ),
    )
    paper.para(
        "Изменения в план вносит наставник по согласованию с куратором и сообщает о них группе.",
        before=6,
        keep=True,
    )
    paper.signatures(
        ("Наставник", p.signed("mentor")),
        ("Куратор", p.signed("curator")),
        gap=8,
        below=p.BLANK_DATE,
    )
    return paper.bytes()


def diary() -> bytes:
    """Diary of an individual route, kept by the mentee by hand."""
    paper = Paper("Дневник индивидуального маршрута", left_mm=LEFT_MM, size=13, spacing=1)
    p.letterhead(paper)
    paper.title("ДНЕВНИК", f"индивидуального маршрута {p.TERM}", before=8, after=8)
    p.about_pair(paper)
    paper.para(
        "Дневник ведёт наставляемый для себя; его читает наставник, а куратор~— если "
        "наставляемый не против. О здоровье, семье и личных делах других людей писать не нужно.",
        before=4,
    )
    paper.section("1. Мои цели")
    _blank_rows(
        paper, (("Чего хочу достичь", 70), ("По чему это будет видно", 65), ("Срок", 32)), 3
    )
    paper.section("2. Мои шаги")
    p.rows_or_blanks(
        paper,
        "activities",
        (
            ("Что нужно сделать", 60, "{{ row.text }}"),
            ("Срок", 30, "{{ row.term|capfirst }}"),
            ("Что вышло", 46, "\n"),
            ("Отметка наставника", 31, ""),
        ),
        blanks=8,
    )
    paper.section("3. После встреч")
    _blank_rows(
        paper,
        (("Дата", 25), ("Что было полезно", 50), ("Что получилось", 46), ("Что попробую", 46)),
        18,
    )
    paper.section("4. Размышления")
    for question in (
        "В середине пути. Что теперь получается лучше?",
        "Что даётся трудно, кто и чем может помочь?",
        "Что стоит изменить в целях и шагах?",
        "В конце пути. Какие цели достигнуты, чем можно гордиться?",
        "Какой опыт пригодится дальше, каким будет следующий шаг?",
    ):
        paper.para(question, indent=False, align="left", before=6, keep=True)
        _lines(paper, 3)
    paper.section("5. Слово наставника")
    _lines(paper, 3, keep=True)
    paper.signatures(
        (_MENTEE, p.signed("mentee")),
        ("Наставник", p.signed("mentor")),
        gap=14,
        below=p.BLANK_DATE,
    )
    return paper.bytes()


def mentor_report() -> bytes:
    """The mentor's report on one pair: aims, work done, results, difficulties, proposals."""
    paper = Paper("Отчёт наставника", left_mm=LEFT_MM, size=13, spacing=1)
    p.letterhead(paper)
    paper.title("ОТЧЁТ НАСТАВНИКА", f"о работе пары {p.TERM}", before=8, after=8)
    p.about_pair(paper)
    paper.section("1. Цель и задачи")
    paper.para("1.1.~Цель работы: {{ goal }}.")
    paper.para("1.2.~Задачи: {{ tasks|join('; ') }}.")
    _done(paper)
    paper.section("3. Результаты")
    _listed(paper, "results")
    _scores(paper)
    paper.section("4. Трудности и их причины")
    _listed(paper, "difficulties")
    paper.section("5. Предложения")
    _listed(paper, "proposals", keep=True)
    paper.signatures(("Наставник", p.signed("mentor")), gap=16, below=p.BLANK_DATE)
    paper.para(
        f"С отчётом {p.by_gender('mentee', 'ознакомлен', 'ознакомлена')}, "
        f"отчёт {p.by_gender('curator', 'принял', 'приняла')}:",
        indent=False,
        align="left",
        before=10,
        keep=True,
    )
    paper.signatures(
        (_MENTEE, p.signed("mentee")),
        ("Куратор", p.signed("curator")),
        gap=8,
        below=p.BLANK_DATE,
    )
    return paper.bytes()


def _done(paper: Paper) -> None:
    """The number of meetings, and what became of each activity of the plan."""
    paper.section("2. Что сделано")
    paper.tag("if meetings_held")
    paper.para(
        "2.1.~Проведено встреч: {{ meetings_held|length }}, общая продолжительность~— "
        "{{ meetings_held|sum('minutes') }}~мин. Первая встреча~— "
        "{{ meetings_held[0].day.words }}, "
        "последняя~— {{ meetings_held[-1].day.words }}",
    )
    paper.tag("else")
    paper.para("2.1.~Встречи за это время не отмечены.")
    paper.tag("endif")
    paper.para("2.2.~Выполнение индивидуального плана:", after=4, keep=True)
    p.rows_or_blanks(
        paper,
        "activities",
        (
            ("Мероприятие плана", 65, "{{ row.text }}"),
            ("Ожидаемый результат", 52, "{{ row.result }}"),
            ("Что сделано и достигнуто", 50, "\n"),
        ),
        blanks=6,
    )


def _scores(paper: Paper) -> None:
    """The last monitoring, if there was one."""
    paper.tag("if monitoring and monitoring_average != '—'")
    paper.para("Оценки последнего мониторинга по шкале от~1 до~10:", before=4, after=4, keep=True)
    paper.table(
        ("№ п/п", "Что оценивается", "Оценка наставника", "Оценка куратора"),
        (13, 103, 32, 32),
        "row in monitoring",
        ("{{ loop.index }}", "{{ row.part|capfirst }}", "{{ row.mentor }}", "{{ row.curator }}"),
        centred=(0, 2, 3),
    )
    paper.para("Средняя оценка: **{{ monitoring_average }}**.", before=4)
    paper.tag("endif")


def _listed(paper: Paper, texts: str, *, keep: bool = False) -> None:
    """The sentences of a list, or lines to write on."""
    paper.tag(f"if {texts}")
    paper.tag(f"for text in {texts}")
    paper.para("—~{{ text }}", keep=keep)
    paper.tag("endfor")
    paper.tag("else")
    _lines(paper, 3, keep=keep)
    paper.tag("endif")


def _lines(paper: Paper, count: int, *, keep: bool = False) -> None:
    for line in range(1, count + 1):
        paper.fill_in("", keep=keep or line < count)


def _blank_rows(paper: Paper, columns: tuple[tuple[str, float], ...], rows: int) -> None:
    heads, widths = zip(*columns, strict=True)
    paper.table(
        ("№ п/п", *heads),
        (13, *widths),
        f"row in [{', '.join(['none'] * rows)}]",
        ("{{ loop.index }}", "\n", *[""] * (len(heads) - 1)),
    )
