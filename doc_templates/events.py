"""An event of the programme: what happens when, and who leads it."""

from doc_templates import phrases as p
from doc_templates.layout import Paper

LEFT_MM = 20  # until the organisation sets a term, kept as a plan: 5 years (№ 236, art. 200)


def event_programme() -> bytes:
    """Programme of an event by hours, approved by the director."""
    paper = Paper("Программа мероприятия", left_mm=LEFT_MM, spacing=1.1)
    p.approval(paper)
    paper.title("ПРОГРАММА", "мероприятия «{{ event_title }}»", before=18, after=10)
    p.event_day_and_place(paper)
    for label, fact in (("Цель", "event_goal"), ("Участники", "event_guests")):
        paper.para(f"**{label}:** {{{{ {fact} }}}}.", align="left", indent=False, after=4)
    paper.para("", indent=False, size=6)
    paper.table(
        ("Время", "Что происходит", "Кто ведёт"),
        (33, 92, 55),
        "row in schedule",
        ("{{ row.time }}", "{{ row.what|capfirst }}", "{{ row.who|capfirst }}"),
    )
    paper.para(
        "Участников регистрируют в листе регистрации. Фото- и видеосъёмка, публикация имён "
        "и снимков — только с отдельного письменного согласия участника, а для "
        "несовершеннолетнего — и его законного представителя.",
        before=8,
    )
    paper.para(f"Ответственный за проведение: {p.name_and_post('curator')}.", before=4, keep=True)
    paper.signatures(("Куратор программы наставничества", p.signed("curator")), gap=14)
    return paper.bytes()
