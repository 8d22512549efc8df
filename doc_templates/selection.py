"""What is weighed by criteria: those who want to be mentors, and the programme itself."""

from doc_templates import phrases as p
from doc_templates.layout import Paper

CRITERIA_LEFT_MM = 30  # a local normative act is kept where it was made, for good (№ 236, art. 8)
LEFT_MM = 20  # the list of № 236 of 20.12.2019 was not seen to name decisions and reviews

_BOX = "☐~"
_MEMBERS = "selection_commission or [none, none]"


def selection_criteria() -> bytes:
    """By what mentors are selected: who may be one, the points, how the commission works."""
    paper = Paper("Критерии отбора наставников", left_mm=CRITERIA_LEFT_MM, spacing=1.1)
    p.approval(paper)
    paper.title("КРИТЕРИИ", "отбора наставников программы", "«{{ programme }}»", before=18, after=8)
    p.clauses(
        paper,
        1,
        "Общие положения",
        (
            (
                f"Критерии применяет комиссия по отбору наставников, которую создают в {p.SHORT}, "
                "ко всем кандидатам одинаково."
            ),
            (
                "Наставником становятся добровольно. Кандидата оценивают только по качествам, "
                "важным для наставничества; сведения о частной жизни не запрашивают и не учитывают."
            ),
            "Сведения о кандидатах обрабатывают с их согласия и не шире, чем нужно для отбора.",
        ),
    )
    p.clauses(
        paper,
        2,
        "Обязательные условия",
        (
            (
                "К оценке допускают кандидата, для которого выполнены все условия:",
                (
                    "он письменно согласился быть наставником, а за несовершеннолетнего согласие "
                    "дал и законный представитель"
                ),
                (
                    "у работника и у представителя работодателя нет ограничений, предусмотренных "
                    "статьёй~351.1 Трудового кодекса Российской Федерации, если среди наставляемых "
                    "есть несовершеннолетние"
                ),
                (
                    "он заполнил анкету наставника и может уделять наставляемому время, нужное "
                    "по индивидуальному плану"
                ),
            ),
        ),
    )
    paper.section("3. Критерии и баллы")
    paper.para(
        "3.1.~Каждый критерий оценивают целым числом баллов от нуля до наибольшего, "
        "указанного в таблице.",
        after=6,
        keep=True,
    )
    paper.table(
        ("№ п/п", "Критерий", "Чем подтверждается", "Баллы, не более"),
        (13, 67, 66, 24),
        "row in scored_criteria",
        (
            "{{ loop.index }}",
            "{{ row.criterion|capfirst }}",
            "{{ row.evidence|capfirst }}",
            "{{ row.points }}",
        ),
        centred=(0, 3),
        foot=("", "Всего", "", "{{ scored_criteria|sum('points') }}"),
    )
    paper.para(
        "3.2.~Наставником может стать кандидат, который набрал проходной балл "
        "({{ pass_mark }}) или больше.",
        before=6,
    )
    p.clauses(
        paper,
        4,
        "Порядок отбора",
        (
            (
                "Комиссия изучает анкету и подтверждающие материалы и беседует с кандидатом. "
                "Баллы кандидата по критерию~— среднее оценок членов комиссии, округлённое "
                "до целого числа."
            ),
            "Член комиссии не оценивает себя и близких родственников.",
            (
                "При равенстве баллов предпочтение отдают тому, чей опыт ближе к запросам "
                "наставляемых."
            ),
            (
                "Решение принимают открытым голосованием большинством голосов и подписывают "
                "все члены комиссии, которые участвовали в заседании."
            ),
            (
                "О решении кандидату сообщают в течение трёх рабочих дней; по его просьбе называют "
                "его баллы. Кандидат, который не набрал нужных баллов, вправе пройти обучение "
                "и участвовать в следующем отборе."
            ),
        ),
    )
    paper.signatures(("Куратор программы наставничества", p.signed("curator")), gap=18)
    return paper.bytes()


def selection_decision() -> bytes:
    """Decision of the commission: each candidate with points, and whether selected."""
    paper = Paper("Решение комиссии об отборе наставников", left_mm=LEFT_MM, spacing=1)
    p.letterhead(paper)
    paper.title("РЕШЕНИЕ", "комиссии по отбору наставников", before=4, after=8)
    paper.both_ends(p.DATE, f"№~{p.NUMBER}")
    paper.para("{{ organisation.city }}", align="center", indent=False, before=6, after=10)
    paper.para(f"Председатель: {p.name_and_post('chair')}.", align="left", indent=False)
    paper.para(f"Секретарь: {p.name_and_post('secretary')}.", align="left", indent=False)
    paper.tag(f"for row in {_MEMBERS}")
    member = f"{{% if row %}}{p.name_and_post('row.person')}.{{% else %}}{'_' * 40}{{% endif %}}"
    paper.para(f"Член комиссии: {member}", align="left", indent=False)
    paper.tag("endfor")
    paper.para(
        "Комиссия рассмотрела анкеты, письменные согласия и подтверждающие материалы кандидатов "
        "и оценила их по критериям отбора наставников программы «{{ programme }}», "
        f"утверждённым {p.cased('organisation.director.post', 'ablt')} {p.SHORT}.",
        before=8,
        after=6,
        keep=True,
    )
    _candidates(paper)
    paper.para("Комиссия РЕШИЛА:", indent=False, align="left", before=10, after=4, keep=True)
    paper.para(
        "1.~Признать прошедшими отбор кандидатов, которые набрали проходной балл "
        "({{ pass_mark }}) или больше и в последней графе таблицы отмечены словом «отобран» "
        "(«отобрана»)."
    )
    paper.para(
        f"2.~Куратору программы наставничества {p.short('curator', 'datv')} внести их в реестр "
        "наставников, организовать их обучение и до начала работы пары оформить документы, "
        "которых требует форма наставничества."
    )
    paper.para(
        "3.~Секретарю комиссии сообщить о решении каждому кандидату в течение трёх рабочих дней.",
        keep=True,
    )
    paper.para(
        "Голосовали: за~—~____, против~—~____, воздержались~—~____.",
        align="left",
        before=4,
        keep=True,
    )
    paper.signatures(
        ("Председатель комиссии", p.signed("chair")),
        ("Секретарь комиссии", p.signed("secretary")),
        (f"{{%tr for row in {_MEMBERS} %}}", ""),
        (
            "Член комиссии",
            f"{{% if row %}}{p.signed('row.person')}{{% else %}}{'_' * 18}{{% endif %}}",
        ),
        ("{%tr endfor %}", ""),
        gap=12,
    )
    return paper.bytes()


def _candidates(paper: Paper) -> None:
    """The candidates with points; until there are any, the base of mentors and room to write."""
    heads = ("№ п/п", "Кандидат", "Категория", "Баллы", "Решение")
    widths = (13, 77, 38, 18, 34)
    who = ("{{ loop.index }}", p.name_and_post("row.person"), "{{ row.category|capfirst }}")
    selected = p.by_gender("row.person", "отобран", "отобрана")
    paper.tag("if candidates")
    paper.table(
        heads,
        widths,
        "row in candidates",
        (
            *who,
            "{{ row.score }}",
            f"{{% if not row.selected %}}не {{% endif %}}{selected}",
        ),
        centred=(0, 3, 4),
    )
    paper.tag("else")
    paper.table(heads, widths, "row in mentors_base", (*who, "", "\n"), centred=(0, 3, 4))
    paper.tag("endif")


def review() -> bytes:
    """Outside review of a programme or roadmap; what its author has not given, blanks ask for."""
    paper = Paper("Рецензия", left_mm=LEFT_MM, spacing=1)
    paper.title("РЕЦЕНЗИЯ", "на {{ reviewed }}", "«{{ programme }}»", p.SHORT, before=4, after=8)
    paper.section("1. Предмет рецензии")
    paper.para(
        "1.1.~Рецензент изучил {{ reviewed }} «{{ programme }}». "
        f"Разработчик~— {p.SHORT}, срок реализации~— {p.YEARS}."
    )
    paper.para("1.2.~Рецензент не участвовал в разработке рецензируемого документа.")
    paper.section("2. Оценка содержания")
    _assessments(paper)
    for number, title, fact in (
        (3, "Сильные стороны", "strengths"),
        (4, "Замечания и предложения", "proposals"),
    ):
        paper.section(f"{number}. {title}")
        paper.tag(f"if {fact}")
        paper.tag(f"for text in {fact}")
        paper.para(f"{number}.{{{{ loop.index }}}}.~{{{{ text }}}}")
        paper.tag("endfor")
        paper.tag("else")
        for _ in range(number - 1):  # more room for what is to be mended
            paper.fill_in("")
        paper.tag("endif")
    paper.section("5. Вывод")
    paper.tag("if conclusion")
    paper.para("{{ conclusion }}", keep=True)
    paper.tag("else")
    paper.para("Отметьте одно:", indent=False, align="left", keep=True)
    for text in (
        "рекомендуется к утверждению и реализации",
        "рекомендуется после доработки по замечаниям раздела~4",
        "не рекомендуется",
    ):
        paper.para(f"{_BOX}{text}", indent=False, align="left", before=2, keep=True)
    paper.tag("endif")
    paper.signatures(
        (
            _or_blank("reviewer_post", "capfirst"),
            _or_blank("reviewer_name"),
        ),
        ("Подпись рецензента заверяю (должность, печать)", "__________________"),
        gap=10,
        below=p.BLANK_DATE,
    )
    return paper.bytes()


def _assessments(paper: Paper) -> None:
    heads = ("№ п/п", "Вопрос", "Оценка", "Пояснение")
    widths = (13, 75, 28, 64)
    paper.para(
        "Оценка: да, отчасти или нет.", indent=False, align="left", size=12, after=3, keep=True
    )
    paper.tag("if assessments")
    paper.table(
        heads,
        widths,
        "row in assessments",
        (
            "{{ loop.index }}",
            "{{ row.question|capfirst }}",
            "{{ row.mark|capfirst }}",
            "{{ row.comment|capfirst }}",
        ),
        centred=(0, 2),
    )
    paper.tag("else")
    paper.table(
        heads,
        widths,
        "question in review_questions",
        ("{{ loop.index }}", "{{ question|capfirst }}", "", ""),
        centred=(0, 2),
    )
    paper.tag("endif")


def _or_blank(fact: str, then: str | None = None) -> str:
    shown = fact if then is None else f"{fact}|{then}"
    return f"{{% if {fact} %}}{{{{ {shown} }}}}{{% else %}}__________________{{% endif %}}"
