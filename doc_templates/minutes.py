"""Minutes: of the council that considers the programme, of the municipal School of Mentoring."""

from doc_templates import phrases as p
from doc_templates.layout import Paper

LEFT_MM = 30  # kept permanently, as the orders that rest on them


def council_minutes() -> bytes:
    """Minutes: who was there, the agenda, and for each item what was heard and decided."""
    paper = _opened(
        "заседания совета",
        "{{ council }}",
        ("Председатель", p.name_and_post("chair")),
        ("Секретарь", p.name_and_post("secretary")),
        ("Состав", "{{ council_size }}~чел."),
        ("Присутствовали", "{{ present }}"),
        # A body that sat may be no council: its name stands above.
        heading="заседания{% if not sitting_items %} совета{% endif %}",
    )
    _agenda(paper, "sitting_items or agenda")
    _decided(paper)
    _to_be_decided(paper)
    paper.signatures(
        ("Председатель", p.signed("chair")),
        ("Секретарь", p.signed("secretary")),
        gap=20,
    )
    return paper.bytes()


def _decided(paper: Paper) -> None:
    """The items as a recorded sitting decided them."""
    paper.tag("for item in sitting_items")
    paper.para("**{{ loop.index }}. СЛУШАЛИ:** {{ item.heard }}", before=10, keep=True)
    paper.para("**РЕШИЛИ:** {{ item.decision }}", keep=True)
    _keep_last(paper, "Голосовали: {{ item.votes }}.")
    paper.tag("endfor")


def _to_be_decided(paper: Paper) -> None:
    """The items as somebody words them before or without a recorded sitting."""
    paper.tag("if not sitting_items")
    paper.tag("for item in agenda")
    paper.para("**{{ loop.index }}. СЛУШАЛИ:**", before=10, keep=True)
    paper.para("{{ item.topic }}.", keep=True)
    paper.para("**РЕШИЛИ:**", before=4, keep=True)
    paper.para("{{ item.decision }}", keep=True)
    paper.para("Голосовали: за~—~____, против~—~____, воздержались~—~____.", align="left", before=4)
    paper.tag("endfor")
    paper.tag("endif")


def school_minutes() -> bytes:
    """Minutes of the School: whom they heard, what was decided, who does it by when, the votes."""
    paper = _opened(
        "заседания школы наставничества",
        "{{ mentoring_school }}",
        ("Председатель", p.name_and_post("curator")),
        ("Секретарь", p.name_and_post("secretary")),
        ("Присутствовали", "{{ present }}"),
        ("Приглашены", "{% if invited %}{{ invited }}{% else %}—{% endif %}"),
    )
    _agenda(paper, "school_agenda")
    paper.tag("for item in school_agenda")
    paper.para("**{{ loop.index }}. СЛУШАЛИ:** {{ item.speaker }}.", before=10, keep=True)
    paper.para("{{ item.heard }}", keep=True)
    paper.para("**РЕШИЛИ:**", before=4, keep=True)
    paper.tag("for decision in item.decisions")
    paper.para("{{ loop.index }})~{{ decision.text }}", keep=True)
    _keep_last(paper, "Ответственный: {{ decision.who }}. Срок: {{ decision.due }}.")
    paper.tag("endfor")
    _keep_last(paper, "Голосовали: {{ item.votes }}.")
    paper.tag("endfor")
    paper.signatures(
        ("Руководитель школы наставничества", p.signed("curator")),
        ("Секретарь", p.signed("secretary")),
        gap=20,
    )
    return paper.bytes()


def _opened(
    sitting: str, body: str, *present: tuple[str, str], heading: str | None = None
) -> Paper:
    """Minutes up to the agenda: of what sitting, of which body, who was there."""
    paper = Paper(f"Протокол {sitting}", left_mm=LEFT_MM, spacing=1)
    p.letterhead(paper)
    paper.para(body, align="center", indent=False, bold=True)
    paper.title("ПРОТОКОЛ", heading or sitting, before=8, after=8)
    paper.both_ends(p.DATE, f"№~{p.NUMBER}")
    paper.para("{{ organisation.city }}", align="center", indent=False, before=6, after=10)
    for label, text in present:
        paper.para(f"{label}:~{text}", align="left", indent=False, after=2)
    return paper


def _agenda(paper: Paper, items: str) -> None:
    """The topics, numbered."""
    paper.section("ПОВЕСТКА ДНЯ")
    paper.tag(f"for item in {items}")
    paper.para("{{ loop.index }}.~{{ item.topic }}.")
    paper.tag("endfor")


def _keep_last(paper: Paper, text: str) -> None:
    """A paragraph of a loop; the last one stays on one page with what follows the loop."""
    paper.tag("if loop.last")
    paper.para(text, keep=True)
    paper.tag("else")
    paper.para(text)
    paper.tag("endif")
