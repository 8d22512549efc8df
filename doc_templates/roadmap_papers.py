"""Roadmaps of a region, a municipality and an organisation for their years, each with its stamp."""

from doc_templates import phrases as p
from doc_templates.layout import Paper
from doc_templates.programme_papers import roadmap_rows

LEFT_MM = 30  # kept permanently where approved (№ 236 of 20.12.2019, art. 197а)

_NAME = "внедрения и реализации целевой модели наставничества"


def roadmap_region() -> bytes:
    """A region's roadmap, approved by an act of its ministry of education."""
    paper = _paper("Региональная дорожная карта")
    paper.corner(("УТВЕРЖДЕНА", "{{ approved_by }}", p.dated("approving_order")))
    return _roadmap(paper, "в образовательных организациях {{ territory }}")


def roadmap_municipality() -> bytes:
    """A municipality's roadmap: an appendix to the order that introduces mentoring, or to the
    decree on the School of Mentoring.
    """
    paper = _paper("Муниципальная дорожная карта")
    order = (p.cased("organisation.director.post", "gent"), p.SHORT, p.dated("introduction_order"))
    paper.tag("if introduction_order and not decree")
    paper.corner(("Приложение~№~{{ appendix }}", f"к приказу {order[0]}", *order[1:]))
    paper.para("", indent=False, size=8)
    paper.corner(("УТВЕРЖДЕНА", f"приказом {order[0]}", *order[1:]))
    paper.tag("else")
    appendix_to_decree(paper, "{{ appendix }}", "УТВЕРЖДЕНА")
    paper.tag("endif")
    return _roadmap(paper, "в образовательных организациях {{ territory }}")


def roadmap_school() -> bytes:
    """An organisation's roadmap for the years of its programme, approved by the director's order.

    The plan of one school year is `yearly_plan`.
    """
    paper = _paper("Дорожная карта организации")
    p.considered_and_approved(paper, "УТВЕРЖДЕНА", "introduction_order")
    return _roadmap(paper, f"в {p.SHORT}")


def appendix_to_decree(paper: Paper, number: str, approved: str) -> None:
    """The stamps of an appendix to a decree; `approved` agrees with the appendix's title."""
    dated = p.dated("decree")
    paper.corner(
        (f"Приложение №~{number}", "к распоряжению администрации", "{{ territory }}", dated)
    )
    paper.para("", indent=False, size=8)
    paper.corner((approved, "распоряжением администрации", dated))


def _paper(title: str) -> Paper:
    return Paper(title, left_mm=LEFT_MM, spacing=1, landscape=True)


def _roadmap(paper: Paper, where: str) -> bytes:
    paper.title("ДОРОЖНАЯ КАРТА", _NAME, where, f"на {p.YEARS}", before=10, after=8)
    roadmap_rows(paper)
    return paper.bytes()
