"""Pieces of template text that several papers share."""

from collections.abc import Sequence

from adapters.docx.sandbox import CASE_FILTERS
from doc_templates.layout import CORNER_MM, Paper
from domain.names import Case

SHORT = "{{ organisation.short_name }}"
WHERE = (
    "{% if is_upper %}подведомственных образовательных организациях{% else %}"
    f"{SHORT}{{% endif %}}"
)
"""After «в»: where mentoring goes on. Whoever stands above has it in the organisations below."""
BLANK_DATE = "«____» ______________ 20___~г."
BOX = "☐~"  # to be ticked by hand
BLANK_DATED = "от~______________ №~______"
NUMBER = "{% if registration %}{{ registration.number }}{% else %}__________{% endif %}"
DATE = (
    f"{{% if registration %}}{{{{ registration.date_words }}}}{{% else %}}{BLANK_DATE}{{% endif %}}"
)
YEARS = (
    "{{ years }}~{% if '/' in years %}учебный год"
    "{% elif '–' in years %}годы{% else %}год{% endif %}"
)
TERM = "с~{{ start.words }} по~{{ end.words }}"  # ends with «г.»: no full stop after it
# The role model is left out of papers: «неуспевающий» is for the curator's eyes, not for an order.
FORM = "{{ form }}{% if mentor_type %}; тип наставника: {{ mentor_type }}{% endif %}"


def cased(forms: str, case: Case, then: str = "") -> str:
    """A word with case forms in one of them; `then` are filters behind it."""
    [name] = [name for name, picked in CASE_FILTERS.items() if picked == case]
    return f"{{{{ {forms}|{name}{then} }}}}"


def name(person: str, case: Case = "nomn") -> str:
    """Full name in a case."""
    return cased(f"{person}.name", case)


def name_and_post(person: str, case: Case = "nomn") -> str:
    """«Иванову Марию Петровну, методиста»; no comma where there is no post."""
    held = cased(f"{person}.post", case)
    return f"{name(person, case)}{{% if {person}.post %}}, {held}{{% endif %}}"


def short(person: str, case: Case) -> str:
    """«Ивановой М. П.», for running text."""
    return cased(f"{person}.initials_last", case)


def signed(person: str) -> str:
    """«М. П. Иванова», for a signature line."""
    return cased(f"{person}.initials_first", "nomn")


def post(person: str, otherwise: str) -> str:
    """The post with a large first letter, or a word in its place."""
    return (
        f"{{% if {person}.post %}}{cased(f'{person}.post', 'nomn', '|capfirst')}"
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
    """«УТВЕРЖДАЮ» of the director in the upper right corner; below, bodies on the paper's route."""
    paper.corner(
        (
            "УТВЕРЖДАЮ",
            "{{ organisation.director.post|nominative|capfirst }}",
            SHORT,
            f"______________ {signed('organisation.director')}",
            BLANK_DATE,
            "{%p for stamp in approval_stamps or [] %}",
            "",
            "РАССМОТРЕНО И ОДОБРЕНО",
            "{{ stamp.body }}",
            "протокол {{ stamp.minutes }}",
            "{%p endfor %}",
        )
    )


def to_director(paper: Paper, *sender: str) -> None:
    """The addressee in the upper right corner, and who writes."""
    paper.corner(
        (
            cased("organisation.director.post", "datv", "|capfirst"),
            SHORT,
            short("organisation.director", "datv"),
            *sender,
        )
    )


def dated(paper: str) -> str:
    """«от 7 сентября 2026 г. № 118-о» of a registered paper, or blanks to be filled by hand."""
    return (
        f"{{% if {paper} %}}от~{{{{ {paper}.date_words }}}} №~{{{{ {paper}.number }}}}"
        f"{{% else %}}{BLANK_DATED}{{% endif %}}"
    )


def appendix(paper: Paper, approved: str) -> None:
    """The stamps of an appendix to the order of introduction; `approved` agrees with its title."""
    order = ("{{ organisation.director.post|genitive }}", SHORT, dated("introduction_order"))
    # A programme above organisations may have no order of introduction.
    paper.tag("if introduction_order or not is_upper")
    paper.corner(("Приложение~№~{{ appendix }}", f"к приказу {order[0]}", *order[1:]))
    paper.para("", indent=False, size=8)
    paper.tag("endif")
    considered_and_approved(paper, approved, "introduction_order")


def council(case: str) -> str:
    """The council of an organisation; above it every council is called simply so."""
    pedagogical, plain = {
        "nomn": ("педагогический ", "совет"),
        "gent": ("педагогического ", "совета"),
        "ablt": ("педагогическим ", "советом"),
        "loct": ("педагогическом ", "совете"),
    }[case]
    return f"{{% if not is_upper %}}{pedagogical}{{% endif %}}{plain}"


def considered_and_approved(paper: Paper, approved: str, order: str) -> None:
    """The stamps of a paper that the council has discussed and the director's order approves.

    Bodies that decide on the paper's own route stand there with the minutes of their sittings;
    where none does, the council with its latest minutes, if there are any.
    """
    latest = dated("council_minutes")
    paper.columns(
        (
            "{%p for stamp in approval_stamps or ([none] if council_minutes else []) %}",
            "{%p if not loop.first %}",
            "",
            "{%p endif %}",
            "РАССМОТРЕНО И ОДОБРЕНО",
            f"{{% if stamp %}}{{{{ stamp.body }}}}{{% else %}}{council('ablt')}{{% endif %}}",
            f"протокол {{% if stamp %}}{{{{ stamp.minutes }}}}{{% else %}}{latest}{{% endif %}}",
            "{%p else %}",
            "",
            "{%p endfor %}",
        ),
        (
            approved,
            f"приказом {cased('organisation.director.post', 'gent')}",
            SHORT,
            dated(order),
        ),
        right_mm=CORNER_MM,
    )


def approved_by_order(paper: Paper, approved: str, order: str) -> None:
    """«УТВЕРЖДЁН приказом …» in the upper right corner; `approved` agrees with the title."""
    head = cased("organisation.director.post", "gent")
    paper.corner((approved, f"приказом {head}", SHORT, dated(order)))


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


def director_signs(paper: Paper) -> None:
    """The director's line, the day of signing, and the curator as the one who prepared it."""
    held = cased("organisation.director.post", "nomn", "|capfirst")
    paper.signatures((held, signed("organisation.director")), gap=16, below=BLANK_DATE, keep=True)
    paper.para(
        f"Исполнитель: {name('curator')}, тел.~____________________",
        align="left",
        indent=False,
        size=12,
        before=10,
    )


def log_checkpoint(paper: Paper) -> None:
    """What the log of events was at the draft, above the signature: so the paper attests it."""
    paper.tag("if log_checkpoint")
    line = "Журнал событий: {{ log_checkpoint }}."
    paper.para(line, align="left", indent=False, size=12, before=10, keep=True)
    paper.tag("endif")


def curator_signs(paper: Paper) -> None:
    """The curator's line under a paper, and the day of signing to be filled by hand."""
    held = cased("curator.post", "nomn")
    line = f"Куратор программы наставничества{{% if curator.post %}}, {held}{{% endif %}}"
    paper.signatures((line, signed("curator")), gap=18, below=BLANK_DATE)


def caption(paper: Paper, text: str) -> None:
    """The name of a table, above it and on one page with it."""
    paper.para(text, align="left", indent=False, size=12, before=4, after=3, keep=True)


def rows_or_blanks(
    paper: Paper,
    rows: str,
    columns: Sequence[tuple[str, float, str]],
    *,
    blanks: int,
    centred: Sequence[int] = (0,),
    foot: Sequence[str] = (),
) -> None:
    """A numbered table of `rows`; where there are none, rows to be filled by hand.

    A column is its head, its width in mm and what the row says there.
    """
    heads, widths, texts = zip(*columns, strict=True)
    # One cell keeps a blank row high enough to write in.
    first = f"{{%p if row %}}\n{texts[0]}\n{{%p else %}}\n\n\n{{%p endif %}}"
    others = [f"{{% if row %}}{text}{{% endif %}}" for text in texts[1:]]
    paper.table(
        ("№ п/п", *heads),
        (13, *widths),
        f"row in {rows} or [{', '.join(['none'] * blanks)}]",
        ("{{ loop.index }}", first, *others),
        centred=centred,
        foot=foot,
    )


def event_day_and_place(paper: Paper) -> None:
    """When and where an event is, or blanks to be filled by hand."""
    for label, fact, given, blank in (
        ("Дата", "event_day", "{{ event_day.words }}", BLANK_DATE),
        ("Место", "event_place", "{{ event_place }}", "_" * 40),
    ):
        text = f"{{% if {fact} %}}{given}{{% else %}}{blank}{{% endif %}}"
        paper.para(f"**{label}:** {text}", align="left", indent=False, after=4)


def acts() -> str:
    """The acts in force that the organisation's papers of this kind cite, in the instrumental."""
    return (
        "{% for act in grounds_in_force %}{% if not loop.first %}, {% endif %}"
        f"{cased('act', 'ablt')}{{% endfor %}}"
    )


def in_accordance(word: str = "В") -> str:
    """«В соответствии с …», the acts; where there are none, `grounds_in_force` is empty."""
    return f"{word} соответствии {{{{ grounds_in_force[0].prep }}}}~{acts()}"


def worked_out() -> str:
    """By which acts a regulation was worked out, as a whole sentence."""
    return (
        f"Положение разработано {{% if grounds_in_force %}}{in_accordance('в')}{{% else %}}"
        "в соответствии с законодательством Российской Федерации{% endif %}."
    )


def preamble() -> str:
    """Why a paper is issued: the acts in force, then its own grounds, which may stand alone."""
    return (
        f"{{% if grounds_in_force %}}{in_accordance()}, {{{{ grounds }}}}"
        "{% else %}{{ grounds|capfirst }}{% endif %}"
    )


def origins(paper: Paper) -> None:
    """Of each figure above where it is from; nothing if the facts do not say it."""
    paper.tag("if origins")
    paper.section("Откуда взяты числа")
    paper.tag("for row in origins")
    paper.tag("if loop.first")
    paper.para(
        "Числа относятся к периоду {{ row.period }} и посчитаны на~{{ row.day.words }} Записи, "
        "из которых сложилось каждое число, открываются в системе.",
        after=4,
        keep=True,
    )
    paper.tag("endif")
    paper.tag("endfor")
    narrow = (13, 24, 56, 22)
    paper.table(
        ("№ п/п", "Число", "Значение", "Откуда", "Записей"),
        (narrow[0], paper.width_mm - sum(narrow), *narrow[1:]),
        "row in origins",
        (
            "{{ loop.index }}",
            "{{ row.title }}",
            "{{ row.value }}",
            "{{ row.source }}",
            "{% if row.rows %}{{ row.rows }}{% else %}—{% endif %}",
        ),
        centred=(0, 2, 4),
    )
    paper.tag("endif")
