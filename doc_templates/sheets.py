"""Sheets that people sign or look things up in: acquaintance, attendance, the map of resources."""

from doc_templates import phrases as p
from doc_templates.layout import Paper

ACQUAINTANCE_LEFT_MM = 30  # kept with its order, and orders are kept for good (№ 236, art. 19а)
LEFT_MM = 20  # the list of № 236 of 20.12.2019 was not seen to name the other two

_ROOM = "\n"  # a second line: the row is high enough to sign in


def _unless_dash(column: str) -> str:
    return f"{{% if row.{column} != '—' %}}{{{{ row.{column} }}}}{{% endif %}}"


_READER = "{% if row.reader != '—' %}; представитель — {{ row.reader }}{% endif %}"


def acquaintance_sheet() -> bytes:
    """Who has read a document, with signature and date; goes with any order or local act."""
    paper = Paper("Лист ознакомления", left_mm=ACQUAINTANCE_LEFT_MM, spacing=1.1)
    p.letterhead(paper)
    paper.title("ЛИСТ ОЗНАКОМЛЕНИЯ", before=8, after=0)
    paper.tag("if acquainted_with")
    paper.para("с~{{ acquainted_with }}", align="center", indent=False, bold=True)
    paper.tag("else")
    paper.fill_in("с", "(вид документа и его заголовок)")
    paper.tag("endif")
    paper.para(p.dated("acquainted_document"), align="center", indent=False, before=4, after=10)
    paper.para(
        "Подписью в таблице подтверждаю, что с документом ознакомлен (ознакомлена).",
        after=6,
        keep=True,
    )
    p.rows_or_blanks(
        paper,
        "acquainted",
        (
            ("Фамилия, имя, отчество", 56, f"{p.name('row.person')}{_ROOM}"),
            ("Должность, учебная группа", 49, f"{p.post('row.person', '—')}{_READER}"),
            ("Подпись", 26, _unless_dash("mark")),
            ("Дата", 26, _unless_dash("day")),
        ),
        blanks=12,
        centred=(0, 3, 4),
    )
    paper.tag("if acquainted_on")
    paper.para(
        "По состоянию на {{ acquainted_on }} {% if not_acquainted %}не ознакомлены "
        "({{ not_acquainted|length }} из {{ acquainted|length }}): "
        "{{ not_acquainted|join(', ') }}.{% else %}ознакомлены все.{% endif %}",
        before=8,
    )
    paper.tag("endif")
    paper.para(
        f"Ознакомление {p.by_gender('curator', 'провёл', 'провела')}:",
        indent=False,
        align="left",
        before=12,
        keep=True,
    )
    paper.signatures(
        (p.post("curator", "Куратор программы наставничества"), p.signed("curator")),
        gap=6,
        below=p.BLANK_DATE,
    )
    return paper.bytes()


def attendance_list() -> bytes:
    """Who came to an event: name, organisation and post, signature; no telephones, no addresses."""
    paper = Paper("Лист регистрации участников", left_mm=LEFT_MM, spacing=1.1)
    p.letterhead(paper)
    paper.title("ЛИСТ РЕГИСТРАЦИИ", "участников мероприятия «{{ event_title }}»", before=8, after=8)
    p.event_day_and_place(paper)
    held = p.cased("row.person.post", "nomn")
    p.rows_or_blanks(
        paper,
        "event_participants",
        (
            ("Фамилия, имя, отчество", 62, f"{p.name('row.person')}{_ROOM}"),
            (
                "Организация, должность или группа",
                70,
                f"{{{{ row.organisation }}}}{{% if row.person.post %}}, {held}{{% endif %}}",
            ),
            ("Подпись", 35, ""),
        ),
        blanks=15,
    )
    paper.para(
        "Всего присутствовало: ______~чел.", indent=False, align="left", before=10, keep=True
    )
    paper.signatures(("Куратор программы наставничества", p.signed("curator")), gap=12)
    return paper.bytes()


def resource_map() -> bytes:
    """The best practices by form of mentoring: what each gives, whose it is, where it is told."""
    paper = Paper("Карта ресурсов наставничества", left_mm=LEFT_MM, spacing=1.1, landscape=True)
    p.letterhead(paper)
    paper.title(
        "КАРТА РЕСУРСОВ",
        "лучшие практики наставничества, {{ school_year }}~учебный год",
        before=4,
        after=8,
    )
    heads = ("№ п/п", "Практика", "Кому и чем полезна", "Организация — автор", "Где описана")
    widths = (13, 62, 86, 52, 54)
    paper.tag("if practices_by_form")
    paper.table(
        heads,
        widths,
        "row in group.practices",
        (
            "{{ loop.index }}",
            "{{ row.title }}",
            "{{ row.use|capfirst }}",
            "{{ row.author }}",
            "{{ row.link }}",
        ),
        group=("group in practices_by_form", "Форма наставничества: {{ group.form }}"),
    )
    paper.tag("else")
    paper.table(
        heads,
        widths,
        "row in [none, none, none]",
        ("{{ loop.index }}", "", "", "", "\n"),
        group=("form in forms", "Форма наставничества: {{ form }}"),
    )
    paper.tag("endif")
    paper.para(
        "Практики включены по решению организации-автора; описания размещены без персональных "
        "данных участников либо с их отдельного согласия.",
        before=8,
        keep=True,
    )
    p.curator_signs(paper)
    return paper.bytes()
