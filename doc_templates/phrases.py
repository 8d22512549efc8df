"""Pieces of template text that several papers share."""

from doc_templates.layout import Paper

SHORT = "{{ organisation.short_name }}"
BLANK_DATE = "«____» ______________ 20___~г."
NUMBER = "{% if registration %}{{ registration.number }}{% else %}__________{% endif %}"
DATE = (
    f"{{% if registration %}}{{{{ registration.date_words }}}}{{% else %}}{BLANK_DATE}{{% endif %}}"
)
TERM = "с~{{ start.words }} по~{{ end.words }}"  # ends with «г.»: no full stop after it


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
