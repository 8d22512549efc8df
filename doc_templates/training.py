"""The training of mentors: programme with attendance sheet, timetable, certificates."""

from doc_templates import phrases as p
from doc_templates import rewards
from doc_templates.layout import Paper

LEFT_MM = 20  # until the organisation sets a term, kept as a plan: 5 years (№ 236, art. 200)


def training_programme() -> bytes:
    """Programme of the training, approved by the director, with an attendance sheet."""
    paper = Paper("Программа обучения наставников", left_mm=LEFT_MM, spacing=1.1)
    p.approval(paper)
    paper.title("ПРОГРАММА", "обучения наставников", "на {{ school_year }}~учебный год", before=18)
    paper.section("1. Общие сведения")
    paper.para("1.1.~Цель обучения: {{ goal }}.")
    paper.para(
        "1.2.~Слушатели: наставники программы «{{ programme }}», "
        "{{ mentors_base|length }}~чел. (список в листе посещения)."
    )
    paper.para("1.3.~Сроки обучения: с~{{ row_opens.words }} по~{{ row_due.words }}")
    paper.para(
        "1.4.~Объём программы: {{ sessions|sum('hours') }}~ч. Обучение организует куратор "
        f"программы наставничества {p.name_and_post('curator')}."
    )
    paper.section("2. План занятий")
    paper.table(
        ("№ п/п", "Тема", "Форма занятия", "Часы"),
        (13, 98, 49, 20),
        "session in sessions",
        (
            "{{ loop.index }}",
            "{{ session.topic }}",
            "{{ session.form|capfirst }}",
            "{{ session.hours }}",
        ),
        centred=(0, 3),
        foot=("", "Всего", "", "{{ sessions|sum('hours') }}"),
    )
    paper.section("3. Ожидаемые результаты")
    paper.para("После обучения наставник:", keep=True)
    paper.tag("for text in outcomes")
    paper.para("—~{{ text }}{% if loop.last %}.{% else %};{% endif %}", keep=True)
    paper.tag("endfor")
    paper.signatures(("Куратор программы наставничества", p.signed("curator")), gap=18)
    _attendance(paper)
    return paper.bytes()


def _attendance(paper: Paper) -> None:
    paper.page_break()
    paper.corner(("Приложение", "к программе обучения наставников"))
    paper.title(
        "ЛИСТ ПОСЕЩЕНИЯ",
        "занятий по программе обучения наставников",
        "на {{ school_year }}~учебный год",
        before=12,
        after=8,
    )
    paper.para(
        "Столбцы пронумерованы как занятия в плане; посетив занятие, наставник расписывается.",
        align="left",
        indent=False,
        size=12,
        after=4,
        keep=True,
    )
    paper.sheet(
        ("№ п/п", "Наставник"),
        (13, 57),
        "mentor in mentors_base",
        ("{{ loop.index }}", p.name("mentor.person")),
        across=("session in sessions", "{{ loop.index }}"),
        under=("", "Дата занятия"),
    )
    paper.signatures(("Куратор программы наставничества", p.signed("curator")), gap=14)


def training_timetable() -> bytes:
    """When and where each session of the training is, and who leads it."""
    paper = Paper("Расписание обучения наставников", left_mm=LEFT_MM, spacing=1.1)
    p.approval(paper)
    paper.title("РАСПИСАНИЕ", "обучения наставников", "на {{ school_year }}~учебный год", before=18)
    paper.para(
        "Обучение по программе обучения наставников проходит "
        "с~{{ row_opens.words }} по~{{ row_due.words }} "
        "Слушателей~— {{ mentors_base|length }}~чел.",
        after=6,
        keep=True,
    )
    paper.table(
        ("№ п/п", "Дата и время", "Тема и форма занятия", "Часы", "Кто ведёт", "Место"),
        (13, 39, 57, 15, 31, 25),
        "lesson in lessons",
        (
            "{{ loop.index }}",
            "{{ lesson.day }}\n{{ lesson.time }}",
            "{{ lesson.topic|capfirst }} ({{ lesson.form }})",
            "{{ lesson.hours }}",
            "{{ lesson.leader|capfirst }}",
            "{{ lesson.place }}",
        ),
        centred=(0, 3),
        foot=("", "", "Всего", "{{ lessons|sum('hours') }}", "", ""),
    )
    paper.para(
        "Часы академические. Об изменении даты, времени или места куратор сообщает слушателям "
        "не позднее чем за один рабочий день. Посещение отмечают в листе посещения программы "
        "обучения.",
        before=8,
        keep=True,
    )
    paper.signatures(("Куратор программы наставничества", p.signed("curator")), gap=18)
    return paper.bytes()


def training_certificate() -> bytes:
    """Certificates of the training, a page for each mentor; a blank one until they are known.

    It does not call itself a document of qualification: such ones follow programmes of further
    education only (273-ФЗ, art. 60 and 76).
    """
    paper = rewards.ceremonial("Сертификаты об обучении наставников")
    rewards.page_for_each(paper, "trained", _certificate)
    return paper.bytes()


def _certificate(paper: Paper, person: str | None) -> None:
    rewards.ceremonial_heading(paper, "СЕРТИФИКАТ", after=30)
    paper.para("подтверждает, что", align="center", indent=False, size=16, after=18)
    rewards.recipient(paper, person)
    passed = "прошёл (прошла)" if person is None else p.by_gender(person, "прошёл", "прошла")
    paper.para(
        f"{passed} обучение наставников в~{p.SHORT} по теме «{{{{ training_topic }}}}»",
        align="center",
        indent=False,
        size=16,
        before=30,
    )
    paper.para(
        "с~{{ row_opens.words }} по~{{ row_due.words }}",
        align="center",
        indent=False,
        size=16,
        before=6,
    )
    paper.para(
        "Объём обучения в~академических часах~— {{ training_hours }}",
        align="center",
        indent=False,
        size=16,
        before=6,
        after=66,
    )
    paper.signatures(rewards.director_line())
    paper.both_ends("{{ organisation.city }}", p.BLANK_DATE, before=36)
    paper.para("Регистрационный №~__________", align="left", indent=False, before=12)
    paper.para(
        "Сертификат подтверждает участие в обучении и не является документом о квалификации.",
        align="center",
        indent=False,
        size=12,
        before=18,
    )
