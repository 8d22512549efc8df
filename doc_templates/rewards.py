"""Rewards of mentors: the order and the letters of thanks."""

from docx.shared import RGBColor

from doc_templates import orders
from doc_templates import phrases as p
from doc_templates.layout import Paper

# Personnel orders, rewards among them, are kept 50 years (№ 236 of 20.12.2019, art. 434а).
ORDER_LEFT_MM = 30
LETTER_SIDES_MM = 20  # a letter is centred on its sheet
DARK_BLUE = RGBColor(0x1F, 0x38, 0x64)


def order_rewards() -> bytes:
    """Order on the rewards of mentors, their names in the accusative."""
    paper = Paper("Приказ о поощрении наставников", left_mm=ORDER_LEFT_MM, spacing=1.1)
    orders.head(paper)
    paper.para("{{ grounds }}", keep=True)
    orders.i_order(paper)
    paper.para(
        "1.~Поощрить за работу в качестве наставника в {{ school_year }}~учебном году:",
        after=6,
        keep=True,
    )
    paper.table(
        ("№ п/п", "Кого поощрить", "За что"),
        (13, 84, 73),
        "row in rewarded",
        ("{{ loop.index }}", p.name_and_post("row.person", "accs"), "{{ row.reason|capfirst }}"),
    )
    paper.para("2.~Установить вид поощрения: {{ reward }}.", before=4)
    paper.para(
        f"3.~Куратору программы наставничества {p.short('curator', 'datv')} в срок "
        "до~{{ row_due.words }} подготовить награждение и рассказать о наставниках на сайте; "
        "фотографии и сведения о них размещать только с их отдельного письменного согласия."
    )
    paper.para("4.~{{ control }}", keep=True)
    paper.signatures(
        ("{{ organisation.director.post.nomn|capfirst }}", p.signed("organisation.director")),
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
    paper = Paper(
        "Благодарственные письма",
        left_mm=LETTER_SIDES_MM,
        right_mm=LETTER_SIDES_MM,
        numbered=False,
    )
    paper.frame()
    paper.tag("for row in rewarded")
    paper.tag("if not loop.first")
    paper.page_break()
    paper.tag("endif")
    paper.para("{{ organisation.name }}", align="center", indent=False, size=15, before=48)
    heading = paper.para(
        "БЛАГОДАРСТВЕННОЕ ПИСЬМО",
        align="center",
        indent=False,
        bold=True,
        size=28,
        before=84,
        after=48,
    )
    for run in heading.runs:
        run.font.color.rgb = DARK_BLUE
    paper.para(p.name("row.person", "datv"), align="center", indent=False, bold=True, size=22)
    paper.tag("if row.person.post")
    paper.para("{{ row.person.post.datv }}", align="center", indent=False, size=16, before=6)
    paper.tag("endif")
    paper.para(
        f"{p.SHORT} благодарит Вас за~{{{{ row.reason }}}}.",
        align="center",
        indent=False,
        size=16,
        before=42,
    )
    paper.para("{{ wish }}", align="center", indent=False, size=16, before=12, after=84)
    paper.signatures(
        ("{{ organisation.director.post.nomn|capfirst }}", p.signed("organisation.director"))
    )
    paper.both_ends("{{ organisation.city }}", p.BLANK_DATE, before=48)
    paper.tag("endfor")
    return paper.bytes()
