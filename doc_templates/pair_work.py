"""A pair's work: the needs it starts from, the record of its meetings, its monitoring."""

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


def needs_assessment() -> bytes:
    """One sheet for both assessments of a mentee's needs, so that they can be compared."""
    paper = Paper("Лист диагностики затруднений и запросов", left_mm=LEFT_MM, spacing=1)
    p.letterhead(paper)
    paper.title(
        "ЛИСТ ДИАГНОСТИКИ",
        "затруднений и запросов наставляемого",
        "по программе «{{ programme }}»",
        before=8,
        after=8,
    )
    who = p.by_gender("person", "Наставляемый", "Наставляемая")
    paper.para(f"**{who}:** {p.name_and_post('person')}.", align="left", indent=False, after=4)
    paper.para(
        "Лист заполняется дважды: до начала работы с наставником (входная диагностика) и после её "
        "окончания (итоговая). По каждой строке ставится число: 0~— затруднений нет; 1~— бывают "
        "редко; 2~— бывают часто; 3~— нужна постоянная помощь. На любую строку можно "
        "не отвечать. Ответы нужны только для плана работы: на отметки, оплату труда "
        "и аттестацию они не влияют. Сведения о здоровье не указываются.",
        after=4,
    )
    paper.section("1. Затруднения")
    _difficulties(paper)
    paper.section("2. Входная диагностика")
    for line in ("Чему я хочу научиться, что изменить:", "Какой помощи жду от наставника:"):
        paper.fill_in(line)
        paper.fill_in("")
    _assessed(paper, who)
    paper.page_break()  # the other side of the sheet waits for the end of the work
    paper.section("3. Итоговая диагностика")
    for line in (
        "Что изменилось, что получилось:",
        "С чем ещё нужна помощь:",
        "Вывод куратора и дальнейшая работа:",
    ):
        paper.fill_in(line)
        paper.fill_in("")
        paper.fill_in("")
    _assessed(paper, who)
    return paper.bytes()


def _difficulties(paper: Paper) -> None:
    """One table; both where nobody has said whether the person teaches."""
    paper.tag("if teaches != false")
    _areas(paper, "areas_of_teachers", "педагогов")
    paper.tag("endif")
    paper.tag("if teaches == none")
    paper.para("", indent=False)
    paper.tag("endif")
    paper.tag("if teaches != true")
    _areas(paper, "areas_of_students", "обучающихся")
    paper.tag("endif")
    paper.tag("if teaches == none")
    paper.page_break()
    paper.tag("endif")


def _areas(paper: Paper, areas: str, whose: str) -> None:
    of_whom = f"{{% if teaches == none %}} (для {whose}){{% endif %}}"
    paper.table(
        ("№ п/п", f"В чём бывают затруднения{of_whom}", "Входная", "Итоговая"),
        (13, 117, 25, 25),
        f"area in {areas}",
        ("{{ loop.index }}", "{{ area|capfirst }}", "", ""),
        foot=("", "Сумма", "", ""),
    )


def _assessed(paper: Paper, who: str) -> None:
    paper.signatures(
        (who, p.signed("person")),
        ("Куратор программы наставничества", p.signed("curator")),
        gap=10,
        below=p.BLANK_DATE,
    )


def monitoring_interim() -> bytes:
    """Form of the interim monitoring, signed by mentor and curator."""
    return _monitoring("Лист промежуточного мониторинга", "")


def monitoring_final() -> bytes:
    """Form of the final monitoring, signed by mentor and curator."""
    before = (
        "{% if monitoring_average_before %} При промежуточном мониторинге она составляла "
        "{{ monitoring_average_before }}.{% endif %}"
    )
    return _monitoring("Лист итогового мониторинга", before)


def _monitoring(title: str, compared: str) -> bytes:
    """Scores of both voices, the report on the individual route, remarks, conclusions."""
    paper = Paper(title, left_mm=LEFT_MM, spacing=1)
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
    paper.para(f"Средняя оценка: **{{{{ monitoring_average }}}}**.{compared}", before=4)
    paper.para("При оценке учитывалось:", before=4, keep=True)
    paper.tag("for text in criteria")
    paper.para("—~{{ text }}{% if loop.last %}.{% else %};{% endif %}")
    paper.tag("endfor")
    _route(paper)
    _remarks(paper)
    paper.section("4. Выводы")
    paper.tag("for text in conclusions")
    paper.para("4.{{ loop.index }}.~{{ text }}", keep=True)
    paper.tag("endfor")
    paper.signatures(
        ("Наставник", p.signed("mentor")),
        ("Куратор программы наставничества", p.signed("curator")),
        gap=16,
        below=p.BLANK_DATE,
    )
    return paper.bytes()


def _route(paper: Paper) -> None:
    """The fourth part: what the individual plan promised and what came of it."""
    paper.section("2. Отчёт об индивидуальном маршруте")
    paper.tag("if meetings_held")
    paper.para(
        "С начала работы проведено встреч: {{ meetings_held|length }}, общая продолжительность~— "
        "{{ meetings_held|sum('minutes') }}~мин.",
        after=4,
        keep=True,
    )
    paper.tag("endif")
    p.rows_or_blanks(
        paper,
        "activities",
        (
            ("Мероприятие плана", 62, "{{ row.text }}"),
            ("Ожидаемый результат", 50, "{{ row.result }}"),
            ("Что достигнуто", 55, ""),
        ),
        blanks=4,
    )


def _remarks(paper: Paper) -> None:
    paper.section("3. Замечания и предложения")
    paper.tag("if monitoring_remarks")
    paper.tag("for remark in monitoring_remarks")
    paper.para("**{{ remark.voice|capfirst }}:** {{ remark.text }}")
    paper.tag("endfor")
    paper.tag("else")
    paper.para("Замечаний и предложений нет.")
    paper.tag("endif")
