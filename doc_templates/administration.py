"""Orders on the working group, on assignments, on changes and on the end of the work; a
municipality's decree.

Sources of their rules: ТК РФ art. 60.2 and 151 (work beside the main one), art. 351.8 (mentoring of
workers); 152-ФЗ art. 21 part 4 (data whose purpose is reached are destroyed within 30 days);
273-ФЗ art. 9 and Р-145 of 25.12.2019 (the model, its municipal level).
"""

from doc_templates import orders
from doc_templates import phrases as p
from doc_templates.layout import Paper

LEFT_MM = 30  # orders on main activity are kept permanently (№ 236 of 20.12.2019, art. 19а)

# What an order on the end of the work may hold, in turn: its condition and how many items it has.
_ABOUT_PAIRS = "(ended_pairs or not (programme_ends or changes))"
_BLOCKS = ((_ABOUT_PAIRS, 3), ("programme_ends", 3), ("changes", 1))


def order_team() -> bytes:
    """Order that sets up the team that manages mentoring, its members in an appendix."""
    paper = Paper("Приказ об управленческой команде наставничества", left_mm=LEFT_MM, spacing=1)
    orders.head(paper)
    paper.para(p.preamble(), keep=True)
    orders.i_order(paper)
    paper.para(
        "1.~Создать управленческую команду наставничества (далее~— рабочая группа) и утвердить "
        "её состав согласно приложению к настоящему приказу."
    )
    paper.para(
        "2.~Руководителю рабочей группы, указанному в приложении, распределить обязанности между "
        "её членами и проводить заседания {{ meetings }}."
    )
    paper.para("3.~Возложить на рабочую группу следующие задачи:", keep=True)
    _listed(paper, "task in tasks", "3.{{ loop.index }}.~{{ task|capfirst }}.")
    paper.para(
        "4.~Решения рабочей группы принимать большинством голосов её членов, участвующих "
        "в заседании, и оформлять протоколами. Подготовку заседаний, ведение и хранение протоколов "
        f"возложить на куратора программы наставничества {p.name_and_post('curator', 'accs')}."
    )
    paper.para(
        "5.~Если участие в рабочей группе не входит в трудовую функцию работника, поручать его "
        "с письменного согласия работника на условиях статей~60.2 и~151 Трудового кодекса "
        "Российской Федерации."
    )
    paper.para(
        f"6.~Куратору программы наставничества {p.short('curator', 'datv')} ознакомить членов "
        "рабочей группы с настоящим приказом под подпись."
    )
    paper.para("7.~{{ control }}", keep=True)
    orders.signed(paper)
    _team_appendix(paper)
    return paper.bytes()


def _team_appendix(paper: Paper) -> None:
    orders.appendix(paper)
    paper.title("СОСТАВ", "управленческой команды наставничества (рабочей группы)", before=18)
    p.rows_or_blanks(
        paper,
        "team",
        (
            ("Фамилия, имя, отчество", 57, p.name("row.person")),
            ("Должность", 57, p.post("row.person", "—")),
            ("Обязанность в группе", 43, "{{ row.role|capfirst }}"),
        ),
        blanks=8,
    )


def order_assignments() -> bytes:
    """Order whose items are what people are to do: who, what, by which day."""
    paper = Paper("Приказ о поручениях", left_mm=LEFT_MM, spacing=1.1)
    orders.head(paper)
    paper.para("{{ grounds }}", keep=True)
    orders.i_order(paper)
    paper.tag("if assignments")
    paper.tag("for row in assignments")
    whom = p.name_and_post("row.who", "datv")
    paper.para(
        f"{{{{ row.item }}}}.~{whom}{{% if row.who.post %}},{{% endif %}} "
        "в срок до {{ row.due.words }} {{ row.what }}."
    )
    paper.tag("endfor")
    paper.tag("else")
    for number in ("1", "2", "3"):
        paper.fill_in(f"{number}.", "(кому, в какой срок, что сделать)")
    paper.tag("endif")
    count = "{{ (assignments|length if assignments else 3) + 1 }}"
    paper.para(f"{count}.~{{{{ control }}}}", keep=True)
    orders.signed(paper)
    return paper.bytes()


def order_amendment() -> bytes:
    """Order that changes earlier papers: which, and what is said anew, added or struck out."""
    paper = Paper("Приказ о внесении изменений", left_mm=LEFT_MM, spacing=1)
    orders.head(paper)
    paper.para("{{ grounds }}", keep=True)
    orders.i_order(paper)
    paper.para("1.~Внести изменения в следующие документы:", keep=True)
    _changed_papers(paper, "1")
    paper.para("2.~Установить, что в указанных документах изменяется следующее:", keep=True)
    paper.tag("for row in amendments or []")
    paper.para("2.{{ loop.index }}.~{{ row.instruction|capfirst }}:", keep=True)
    paper.para("«{{ row.wording }}».")
    paper.tag("endfor")
    paper.tag("for clause in removed or []")
    paper.para(
        "2.{% if amendments %}{{ amendments|length + loop.index }}{% else %}{{ loop.index }}"
        "{% endif %}.~{{ clause|capfirst }} исключить."
    )
    paper.tag("endfor")
    paper.tag("if not amendments and not removed")
    for number in ("2.1", "2.2", "2.3"):
        paper.fill_in(f"{number}.")
        paper.fill_in("")
    paper.tag("endif")
    paper.para(
        "3.~В остальном указанные документы действуют без изменений. Настоящий приказ хранить "
        "вместе с ними."
    )
    paper.para("4.~Настоящий приказ вступает в силу {{ since }}.")
    paper.para(
        f"5.~Куратору программы наставничества {p.short('curator', 'datv')} ознакомить "
        "с настоящим приказом тех, кого касаются изменения, под подпись и обновить документы, "
        "размещённые на официальном сайте."
    )
    paper.para("6.~{{ control }}", keep=True)
    orders.signed(paper)
    return paper.bytes()


def order_ending() -> bytes:
    """Order that ends the work of pairs, a year of the programme, or the force of earlier papers.

    Its items are numbered as they come. With none of the three given it is a form to be filled in
    about pairs.
    """
    paper = Paper("Приказ о завершении наставнической работы", left_mm=LEFT_MM, spacing=1.1)
    orders.head(paper)
    paper.para("{{ grounds }}", keep=True)
    orders.i_order(paper)
    paper.tag(f"if {_ABOUT_PAIRS}")
    _pairs_end(paper)
    paper.tag("endif")
    paper.tag("if programme_ends")
    _programme_ends(paper)
    paper.tag("endif")
    paper.tag("if changes")
    cancelled = _number(1, *_BLOCKS[:2])
    paper.para(f"{cancelled}.~Признать утратившими силу следующие документы:", keep=True)
    _changed_papers(paper, cancelled)
    paper.tag("endif")
    paper.para(
        f"{_number(1, *_BLOCKS)}.~Куратору программы наставничества "
        f"{p.short('curator', 'datv')} ознакомить с настоящим приказом тех, кого он касается, "
        "под подпись, внести сведения в реестры участников и сдать документы на хранение "
        "по номенклатуре дел."
    )
    paper.para(f"{_number(2, *_BLOCKS)}.~{{{{ control }}}}", keep=True)
    orders.signed(paper)
    return paper.bytes()


def _pairs_end(paper: Paper) -> None:
    paper.para("1.~Завершить работу следующих наставнических пар:", keep=True, after=4)
    p.rows_or_blanks(
        paper,
        "ended_pairs",
        (
            ("Наставник", 42, p.name_and_post("row.mentor")),
            ("Наставляемый", 42, p.name_and_post("row.mentee")),
            ("Последний день работы", 34, "{{ row.day }}"),
            ("Причина", 39, "{{ row.reason|capfirst }}"),
        ),
        blanks=4,
        centred=(0, 3),
    )
    paper.para(
        "2.~Выплаты, установленные за наставничество работникам, которые названы в пункте~1, "
        "прекратить со дня, следующего за последним днём работы пары.",
        before=4,
    )
    paper.para(
        "3.~Куратору программы наставничества предложить другого наставника тем наставляемым, "
        "работа которых прекращена досрочно, если поддержка им ещё нужна."
    )


def _programme_ends(paper: Paper) -> None:
    texts = (
        (
            "Считать реализацию программы «{{ programme }}» в {{ school_year }}~учебном году "
            "завершённой {{ end.words }}"
        ),
        (
            "Куратору программы наставничества в срок до {{ report_due.words }} представить отчёт "
            "о реализации программы и предложения на следующий период."
        ),
        (
            "Обработку персональных данных, цель которой достигнута, прекратить; данные "
            "уничтожить в срок не более 30~дней и составить об этом акт, если другого законного "
            "основания хранить их нет (статья~21 Федерального закона «О~персональных данных»)."
        ),
    )
    for index, text in enumerate(texts, start=1):
        paper.para(f"{_number(index, *_BLOCKS[:1])}.~{text}")


def _number(index: int, *blocks: tuple[str, int]) -> str:
    """The number of an item behind blocks that are not always there: condition, its items."""
    before = "".join(f" + ({items} if {given} else 0)" for given, items in blocks)
    return f"{{{{ {index}{before} }}}}"


def decree() -> bytes:
    """Decree of an administration that sets up a municipal School of Mentoring."""
    paper = Paper("Распоряжение о создании Школы наставничества", left_mm=LEFT_MM, spacing=1.1)
    paper.para("{{ organisation.name|upper }}", align="center", indent=False, bold=True, after=8)
    paper.title("РАСПОРЯЖЕНИЕ", before=4, after=8)
    orders.head_lines(paper)
    paper.para(f"{p.preamble()}:", keep=True)
    for text in (
        "1.~Создать муниципальную Школу наставничества (далее~— Школа наставничества).",
        "2.~Утвердить:",
        "2.1.~Положение о муниципальной Школе наставничества (приложение №~1).",
        (
            "2.2.~Дорожную карту внедрения и реализации целевой модели наставничества "
            f"на {p.YEARS} (приложение №~2)."
        ),
        f"3.~Назначить руководителем Школы наставничества {p.name_and_post('curator', 'accs')}.",
    ):
        paper.para(text, keep=text.endswith(":"))
    paper.para(f"4.~Руководителю Школы наставничества {p.short('curator', 'datv')}:", keep=True)
    _listed(paper, "task in tasks", "4.{{ loop.index }}.~{{ task.due|capfirst }} {{ task.text }}.")
    paper.para("5.~Руководителям муниципальных образовательных организаций:", keep=True)
    _listed(paper, "duty in duties", "5.{{ loop.index }}.~{{ duty|capfirst }}.")
    paper.para(
        "6.~Разместить настоящее распоряжение на официальном сайте администрации в~информационно-"
        "телекоммуникационной сети «Интернет»."
    )
    paper.para("7.~Настоящее распоряжение вступает в силу со дня его подписания.")
    paper.para("8.~{{ control }}", keep=True)
    orders.signed(paper, act="распоряжением")
    return paper.bytes()


def _listed(paper: Paper, loop: str, text: str) -> None:
    paper.tag(f"for {loop}")
    paper.para(text)
    paper.tag("endfor")


def _changed_papers(paper: Paper, item: str) -> None:
    """The papers that an order changes or cancels, as sub-items of an item; else a blank."""
    paper.tag("if changes")
    _listed(
        paper,
        "row in changes",
        f"{item}.{{{{ loop.index }}}}.~{{{{ row.title|capfirst }}}} {p.dated('row')}.",
    )
    paper.tag("else")
    paper.fill_in(f"{item}.1.")
    paper.fill_in("", "(название документа)")
    paper.para(p.BLANK_DATED)
    paper.tag("endif")
