"""What a pair did: the record of its meetings and its monitoring."""

from doc_templates import phrases as p
from doc_templates.layout import Paper

# The list of № 236 of 20.12.2019 was not seen to name them; kept as the plan: 5 years (art. 200).
LEFT_MM = 20

_MENTEE = p.by_gender("mentee", "Наставляемый", "Наставляемая")


def meeting_record() -> bytes:
    """Record of a pair's meetings, signed by both."""
    paper = Paper("Лист учёта встреч", left_mm=LEFT_MM, spacing=1)
    p.letterhead(paper)
    paper.title("ЛИСТ УЧЁТА ВСТРЕЧ", f"наставнической пары {p.TERM}", before=8, after=8)
    p.about_pair(paper)
    paper.tag("if meetings_held")
    paper.table(
        ("№ п/п", "Дата", "Встреча", "Время, мин", "Что сделано"),
        (13, 43, 38, 20, 66),
        "meeting in meetings_held",
        (
            "{{ loop.index }}",
            "{{ meeting.day.words }}",
            "{{ meeting.kind|capfirst }}",
            "{{ meeting.minutes }}",
            "{{ meeting.notes|capfirst }}",
        ),
        centred=(0, 3),
        foot=(
            "",
            "Всего встреч: {{ meetings_held|length }}",
            "",
            "{{ meetings_held|sum('minutes') }}",
            "",
        ),
    )
    paper.tag("else")
    paper.para("Встречи за это время не отмечены.", indent=False, before=6)
    paper.tag("endif")
    paper.signatures(
        ("Наставник", p.signed("mentor")),
        (_MENTEE, p.signed("mentee")),
        gap=10,
        below=p.BLANK_DATE,
    )
    return paper.bytes()


def monitoring_interim() -> bytes:
    """Form of the interim monitoring, signed by mentor and curator."""
    return _monitoring("Лист промежуточного мониторинга")


def monitoring_final() -> bytes:
    """Form of the final monitoring, signed by mentor and curator."""
    return _monitoring("Лист итогового мониторинга")


def _monitoring(title: str) -> bytes:
    paper = Paper(title, left_mm=LEFT_MM)
    p.letterhead(paper)
    paper.title(title.upper(), f"работы наставнической пары {p.TERM}", before=8, after=8)
    p.about_pair(paper)
    paper.section("1. Оценки")
    paper.para(
        "Оценки поставлены по шкале от~1 (результата нет) до~10 (результат достигнут полностью).",
        after=6,
        keep=True,
    )
    paper.table(
        ("№ п/п", "Что оценивается", "Оценка наставника", "Оценка куратора"),
        (13, 103, 32, 32),
        "row in monitoring",
        ("{{ loop.index }}", "{{ row.part|capfirst }}", "{{ row.mentor }}", "{{ row.curator }}"),
        centred=(0, 2, 3),
    )
    paper.para("Средняя оценка: **{{ monitoring_average }}**.", before=4)
    paper.section("2. Замечания и предложения")
    paper.tag("if monitoring_remarks")
    paper.tag("for remark in monitoring_remarks")
    paper.para("**{{ remark.voice|capfirst }}:** {{ remark.text }}")
    paper.tag("endfor")
    paper.tag("else")
    paper.para("Замечаний и предложений нет.")
    paper.tag("endif")
    paper.section("3. Выводы")
    paper.tag("for text in conclusions")
    paper.para("3.{{ loop.index }}.~{{ text }}", keep=True)
    paper.tag("endfor")
    paper.signatures(
        ("Наставник", p.signed("mentor")),
        ("Куратор программы наставничества", p.signed("curator")),
        gap=16,
        below=p.BLANK_DATE,
    )
    return paper.bytes()
