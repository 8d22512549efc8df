"""The yearly closing report."""

from doc_templates import phrases as p
from doc_templates.layout import Paper

LEFT_MM = 30  # until the organisation sets a term, the report is kept as long as its orders


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
    _caption(paper, "Таблица 1~— Пары, встречи и мониторинг")
    paper.figures(
        (
            ("Наставники, чел.", "{{ mentors }}"),
            ("Наставляемые, чел.", "{{ mentees }}"),
            ("Сформировано пар", "{{ pairs_total }}"),
            ("в том числе завершили программу", "{{ pairs_completed }}"),
            ("в том числе прекратили работу досрочно", "{{ pairs_stopped }}"),
            ("Проведено встреч", "{{ meetings }}"),
            ("Пары, прошедшие промежуточный мониторинг", "{{ monitoring_interim }}"),
            ("Пары, прошедшие итоговый мониторинг", "{{ monitoring_final }}"),
        )
    )
    paper.section("2. Показатели программы")
    _caption(paper, "Таблица 2~— Плановые и достигнутые значения показателей")
    paper.table(
        ("№ п/п", "Показатель", "Ед. изм.", "План", "Факт", "Источник сведений"),
        (13, 63, 19, 18, 18, 39),
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
    for number, (heading, items) in enumerate(
        (("Выводы", "conclusions"), ("Предложения на следующий год", "proposals")), start=3
    ):
        paper.section(f"{number}. {heading}")
        paper.tag(f"for text in {items}")
        paper.para(f"{number}.{{{{ loop.index }}}}.~{{{{ text }}}}")
        paper.tag("endfor")
    paper.signatures(
        (
            (
                "Куратор программы наставничества"
                "{% if curator.post %}, {{ curator.post.nomn }}{% endif %}"
            ),
            p.signed("curator"),
        ),
        gap=18,
        keep=True,
    )
    paper.para(p.BLANK_DATE, indent=False, align="left", before=4)
    return paper.bytes()


def _caption(paper: Paper, text: str) -> None:
    paper.para(text, align="left", indent=False, size=12, after=3, keep=True)
