"""The training of mentors: its programme and its attendance sheet."""

from doc_templates import phrases as p
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
