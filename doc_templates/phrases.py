"""Pieces of template text that several papers share."""

from collections.abc import Sequence

from doc_templates.layout import CORNER_MM, Paper

SHORT = "{{ organisation.short_name }}"
BLANK_DATE = "«____» ______________ 20___~г."
NUMBER = "{% if registration %}{{ registration.number }}{% else %}__________{% endif %}"
DATE = (
    f"{{% if registration %}}{{{{ registration.date_words }}}}{{% else %}}{BLANK_DATE}{{% endif %}}"
)
YEARS = "{{ years }}~{% if '/' in years %}учебный год{% else %}годы{% endif %}"
TERM = "с~{{ start.words }} по~{{ end.words }}"  # ends with «г.»: no full stop after it
# The role model is left out of papers: «неуспевающий» is for the curator's eyes, not for an order.
FORM = "{{ form }}{% if mentor_type %}; тип наставника: {{ mentor_type }}{% endif %}"


def name(person: str, case: str = "nomn") -> str:
    """Full name in a case."""
    return f"{{{{ {person}.full.{case} }}}}"


def name_and_post(person: str, case: str = "nomn") -> str:
    """«Иванову Марию Петровну, методиста»; no comma where there is no post."""
    return (
        f"{name(person, case)}{{% if {person}.post %}}, {{{{ {person}.post.{case} }}}}{{% endif %}}"
    )


def short(person: str, case: str) -> str:
    """«Ивановой М. П.», for running text."""
    return f"{{{{ {person}.initials_last.{case} }}}}"


def signed(person: str) -> str:
    """«М. П. Иванова», for a signature line."""
    return f"{{{{ {person}.initials_first.nomn }}}}"


def post(person: str, otherwise: str) -> str:
    """The post with a large first letter, or a word in its place."""
    return (
        f"{{% if {person}.post %}}{{{{ {person}.post.nomn|capfirst }}}}"
        f"{{% else %}}{otherwise}{{% endif %}}"
    )


def by_gender(person: str, male: str, female: str) -> str:
    """The form that agrees with the person's gender."""
    return f'{{% if {person}.gender == "f" %}}{female}{{% else %}}{male}{{% endif %}}'


def birth_date(person: str) -> str:
    """Date of birth, or a blank for it."""
    return (
        f"{{% if {person}.birth_date %}}{{{{ {person}.birth_date.words }}}}"
        f"{{% else %}}____________________{{% endif %}}"
    )


def about_pair(paper: Paper) -> None:
    """Who works together, with whose help and in what form."""
    for label, text in (
        ("Наставник", name_and_post("mentor")),
        (by_gender("mentee", "Наставляемый", "Наставляемая"), name_and_post("mentee")),
        ("Куратор", name_and_post("curator")),
    ):
        paper.para(f"**{label}:** {text}.", indent=False, align="left", after=3)
    paper.para(f"**Форма наставничества:** {FORM}.", indent=False, align="left", after=6)


def letterhead(paper: Paper) -> None:
    """The organisation's full and short name above a paper."""
    paper.para("{{ organisation.name }}", align="center", indent=False)
    paper.para(f"({SHORT})", align="center", indent=False, after=8)


def approval(paper: Paper) -> None:
    """«УТВЕРЖДАЮ» of the director in the upper right corner."""
    paper.corner(
        (
            "УТВЕРЖДАЮ",
            "{{ organisation.director.post.nomn|capfirst }}",
            SHORT,
            f"______________ {signed('organisation.director')}",
            BLANK_DATE,
        )
    )


def dated(paper: str) -> str:
    """«от 7 сентября 2026 г. № 118-о» of a registered paper, or blanks to be filled by hand."""
    return (
        f"{{% if {paper} %}}от~{{{{ {paper}.date_words }}}} №~{{{{ {paper}.number }}}}"
        f"{{% else %}}от~______________ №~______{{% endif %}}"
    )


def appendix(paper: Paper, approved: str) -> None:
    """The stamps of an appendix to the order of introduction; `approved` agrees with its title."""
    order = ("{{ organisation.director.post.gent }}", SHORT, dated("introduction_order"))
    paper.corner(("Приложение~№~{{ appendix }}", f"к приказу {order[0]}", *order[1:]))
    paper.para("", indent=False, size=8)
    paper.columns(
        (
            "РАССМОТРЕНО И ОДОБРЕНО",
            "педагогическим советом",
            f"протокол {dated('council_minutes')}",
        ),
        (approved, f"приказом {order[0]}", *order[1:]),
        right_mm=CORNER_MM,
    )


def clauses(
    paper: Paper, number: int, title: str, texts: Sequence[str | Sequence[str]], *, first: int = 1
) -> None:
    """A numbered section; a clause of several texts is an opening and its dashed items."""
    if first == 1:
        paper.section(f"{number}. {title}")
    for index, text in enumerate(texts, start=first):
        opening, *items = (text,) if isinstance(text, str) else text
        paper.para(f"{number}.{index}.~{opening}", keep=bool(items))
        for item in items:
            paper.para(f"—~{item}{'.' if item is items[-1] else ';'}")
