"""The bases of mentors and mentees on paper: who takes part, and no more than that."""

from collections.abc import Sequence

from doc_templates import phrases as p
from doc_templates.layout import Paper

# The list of № 236 of 20.12.2019 was not seen to name them; kept like other papers of the pairs.
LEFT_MM = 20


def register_mentors() -> bytes:
    """Register of mentors."""
    return _register(
        "Реестр наставников",
        "наставников",
        "row in mentors_base",
        (("Опыт работы", "{{ row.experience }}"),),
    )


def register_mentees() -> bytes:
    """Register of mentees."""
    return _register("Реестр наставляемых", "наставляемых", "row in mentees_base", ())


def _register(title: str, whose: str, loop: str, more: Sequence[tuple[str, str]]) -> bytes:
    paper = Paper(title, left_mm=LEFT_MM, spacing=1.1)
    p.letterhead(paper)
    paper.title(
        "РЕЕСТР",
        f"{whose} программы наставничества",
        "«{{ programme }}»",
        "на {{ school_year }}~учебный год",
        before=12,
        after=10,
    )
    columns = (
        ("№ п/п", "{{ loop.index }}"),
        ("Фамилия, имя, отчество", p.name("row.person")),
        (
            "Должность или учебная группа",
            "{% if row.person.post %}{{ row.person.post.nomn|capfirst }}{% else %}—{% endif %}",
        ),
        ("Категория", "{{ row.category|capfirst }}"),
        *more,
    )
    heads, cells = zip(*columns, strict=True)
    widths = (13, 58, 51, 31, 27) if more else (13, 68, 62, 37)
    paper.table(heads, widths, loop, cells, centred=(0, 4))
    paper.para(
        f"Всего в реестре: {{{{ {loop.rsplit(maxsplit=1)[-1]}|length }}}}~чел.",
        indent=False,
        align="left",
        before=6,
        keep=True,
    )
    paper.signatures(
        (
            (
                "Куратор программы наставничества"
                "{% if curator.post %}, {{ curator.post.nomn }}{% endif %}"
            ),
            p.signed("curator"),
        ),
        gap=18,
        below=p.BLANK_DATE,
    )
    return paper.bytes()
