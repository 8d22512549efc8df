"""Rewards of mentors: the order, letters of thanks, diplomas, the petition to the founder."""

from collections.abc import Callable

from docx.shared import RGBColor

from doc_templates import orders
from doc_templates import phrases as p
from doc_templates.layout import CORNER_MM, Paper

# Personnel orders, rewards among them, are kept 50 years (№ 236 of 20.12.2019, art. 434а).
ORDER_LEFT_MM = 30
PETITION_LEFT_MM = 30  # its article was not seen; kept as the orders on rewards
LETTER_SIDES_MM = 20  # a letter is centred on its sheet
DARK_BLUE = RGBColor(0x1F, 0x38, 0x64)


def order_rewards() -> bytes:
    """Order on the rewards of mentors, their names in the accusative."""
    paper = Paper("Приказ о поощрении наставников", left_mm=ORDER_LEFT_MM, spacing=1.1)
    orders.head(paper)
    paper.para(p.preamble(), keep=True)
    orders.i_order(paper)
    paper.para(
        "1.~Поощрить за работу в качестве наставника в {{ school_year }}~учебном году:",
        after=6,
        keep=True,
    )
    _rewarded_table(paper, "Кого поощрить")
    paper.para("2.~Установить вид поощрения: {{ reward }}.", before=4)
    paper.para(
        f"3.~Куратору программы наставничества {p.short('curator', 'datv')} в срок "
        "до~{{ row_due.words }} подготовить награждение и рассказать о наставниках на сайте; "
        "фотографии и сведения о них размещать только с их отдельного письменного согласия."
    )
    paper.para("4.~{{ control }}", keep=True)
    paper.signatures(
        director_line(),
        ruled=False,
        gap=28,
        keep=True,
    )
    paper.para("С приказом ознакомлены:", indent=False, align="left", before=14, keep=True)
    _acquainted(paper, "curator")
    paper.tag("for row in rewarded")
    _acquainted(paper, "row.person")
    paper.tag("endfor")
    return paper.bytes()


def _acquainted(paper: Paper, person: str) -> None:
    # Blanks shorter than elsewhere: a double surname must leave room for the date.
    paper.both_ends(f"__________ {p.signed(person)}", "«____» __________ 20___~г.", before=8)


def thanks_letter() -> bytes:
    """Letters of thanks, a page for each mentor."""
    paper = ceremonial("Благодарственные письма")
    paper.tag("for row in rewarded")
    paper.tag("if not loop.first")
    paper.page_break()
    paper.tag("endif")
    ceremonial_heading(paper, "БЛАГОДАРСТВЕННОЕ ПИСЬМО", after=48)
    paper.para(p.name("row.person", "datv"), align="center", indent=False, bold=True, size=22)
    paper.tag("if row.person.post")
    paper.para("{{ row.person.post|dative }}", align="center", indent=False, size=16, before=6)
    paper.tag("endif")
    paper.para(
        f"{p.SHORT} благодарит Вас за~{{{{ row.reason }}}}.",
        align="center",
        indent=False,
        size=16,
        before=42,
    )
    paper.para("{{ wish }}", align="center", indent=False, size=16, before=12, after=84)
    paper.signatures(director_line())
    paper.both_ends("{{ organisation.city }}", p.BLANK_DATE, before=48)
    paper.tag("endfor")
    return paper.bytes()


def diploma() -> bytes:
    """Diplomas of a contest, a page for each winner; a blank one until they are known."""
    paper = ceremonial("Дипломы конкурса")
    page_for_each(paper, "winners", _diploma)
    return paper.bytes()


def _diploma(paper: Paper, person: str | None) -> None:
    ceremonial_heading(paper, "ДИПЛОМ", after=12)
    place = "____________________" if person is None else "{{ row.place }}"
    paper.para(place, align="center", indent=False, bold=True, size=18)
    paper.para(
        "конкурса «{{ contest }}»", align="center", indent=False, bold=True, size=18, after=60
    )
    recipient(paper, person)
    if person is None:
        rewarded = "награждён (награждена) за~____________________"
    else:
        rewarded = f"{p.by_gender(person, 'награждён', 'награждена')} за~{{{{ row.reason }}}}"
    paper.para(rewarded, align="center", indent=False, size=16, before=42, after=96)
    paper.signatures(director_line())
    paper.both_ends("{{ organisation.city }}", p.BLANK_DATE, before=48)


def petition() -> bytes:
    """Letter that asks the founder to reward mentors, each with merits."""
    paper = Paper("Ходатайство о награждении наставников", left_mm=PETITION_LEFT_MM, spacing=1.1)
    p.letterhead(paper)
    paper.para(
        "{{ organisation.address }}, ИНН~{{ organisation.inn }}",
        align="center",
        indent=False,
        size=12,
        after=14,
    )
    paper.columns(
        (p.DATE, f"№~{p.NUMBER}"),
        (
            "{%p for line in addressee %}",
            "{{ line }}",
            "{%p else %}",
            *["____________________________"] * 4,
            "{%p endfor %}",
        ),
        right_mm=CORNER_MM,
    )
    paper.title("ХОДАТАЙСТВО", "о награждении наставников", before=24, after=10)
    paper.para(
        f"В~{{{{ school_year }}}}~учебном году в {p.SHORT} реализована программа "
        "«{{ programme }}». Сформировано наставнических пар: {{ pairs_total }}, завершили "
        "программу: {{ pairs_completed }}, проведено встреч: {{ meetings }}."
    )
    paper.para(
        f"За вклад в наставничество {p.SHORT} просит наградить "
        "{% if award %}{{ award }}{% else %}______________________________{% endif %}:",
        after=6,
        keep=True,
    )
    _rewarded_table(paper, "Кого наградить")
    paper.para("Приложения:", before=8, keep=True)
    paper.tag("for text in attachments")
    paper.para("{{ loop.index }}.~{{ text|capfirst }}", keep=True)
    paper.tag("endfor")
    paper.signatures(director_line(), ruled=False, gap=28)
    paper.para(
        f"Исполнитель: {p.name('curator')}, телефон ____________________",
        align="left",
        indent=False,
        size=12,
        before=24,
    )
    return paper.bytes()


def _rewarded_table(paper: Paper, whom: str) -> None:
    paper.table(
        ("№ п/п", whom, "За что"),
        (13, 84, 73),
        "row in rewarded",
        ("{{ loop.index }}", p.name_and_post("row.person", "accs"), "{{ row.reason|capfirst }}"),
    )


def ceremonial(title: str) -> Paper:
    """A framed sheet without page numbers, its text in the middle: it is handed over."""
    paper = Paper(
        title, left_mm=LETTER_SIDES_MM, right_mm=LETTER_SIDES_MM, numbered=False, coded=False
    )
    paper.frame()
    return paper


def ceremonial_heading(paper: Paper, text: str, *, after: float) -> None:
    """Whose paper it is, and its name in large letters."""
    paper.para("{{ organisation.name }}", align="center", indent=False, size=15, before=48)
    heading = paper.para(
        text, align="center", indent=False, bold=True, size=28, before=84, after=after
    )
    for run in heading.runs:
        run.font.color.rgb = DARK_BLUE


def page_for_each(paper: Paper, rows: str, page: Callable[[Paper, str | None], None]) -> None:
    """A page for each person of `rows`; while there is none, one page to be filled by hand."""
    paper.tag(f"if {rows}")
    paper.tag(f"for row in {rows}")
    paper.tag("if not loop.first")
    paper.page_break()
    paper.tag("endif")
    page(paper, "row.person")
    paper.tag("endfor")
    paper.tag("else")
    page(paper, None)
    paper.tag("endif")


def recipient(paper: Paper, person: str | None) -> None:
    """The name in large letters with the post below; or room to write them."""
    if person is None:
        for caption in ("(фамилия, имя, отчество)", "(должность)"):
            paper.fill_in("", caption)
        return
    paper.para(p.name(person), align="center", indent=False, bold=True, size=22)
    paper.tag(f"if {person}.post")
    held = p.cased(f"{person}.post", "nomn")
    paper.para(held, align="center", indent=False, size=16, before=6)
    paper.tag("endif")


def director_line() -> tuple[str, str]:
    """The director's post and name, for the signature."""
    director = "organisation.director"
    return p.cased(f"{director}.post", "nomn", "|capfirst"), p.signed(director)
