"""How documents should look, as dated data: `rules/layout/*.yaml` and `rules/kind_names.yaml`."""

import datetime as dt
from pathlib import Path
from typing import Literal

import yaml

from domain.base import Value
from domain.errors import NotFound
from domain.kinds import Agreement
from domain.layout_settings import PageNumberPlace

RuleId = Literal[
    "page_size",
    "margins",
    "font_size",
    "line_spacing",
    "paragraph_indent",
    "text_alignment",
    "page_number",
    "corner_width",
    "date_and_number",
    "approval",
    "heading",
    "order_text",
    "appendix_mark",
    "signature",
    "signature_mark",
]


class Rule(Value):
    """One measured rule of a profile."""

    title: str
    clause: str | None  # of the norm; none: nobody has looked it up
    seen: bool  # whether a public source says so; else it is common knowledge, not checked
    advice: bool = False  # the norm recommends it


class PageSize(Rule):
    """The sheets that may be used, upright or across."""

    sizes_mm: tuple[tuple[float, float], ...]


class Margins(Rule):
    """The least margins."""

    left_mm: float
    left_kept_long_mm: float  # of papers that are kept for more than 10 years
    right_mm: float
    top_mm: float
    bottom_mm: float


class FontSize(Rule):
    """Sizes of the text, and the largest one in tables."""

    text_pt: tuple[float, ...]
    table_largest_pt: float


class LineSpacing(Rule):
    """Spacing in lines, of the text and of requisites of several lines."""

    least: float
    most: float
    requisite: float


class ParagraphIndent(Rule):
    """The indent of a paragraph's first line."""

    indent_mm: float


class TextAlignment(Rule):
    """From which length on a paragraph surely has several lines, and how it is aligned then."""

    from_signs: int
    align: Literal["left", "both"] = "both"


class PageNumber(Rule):
    """Where the page number stands, and its least distance from the sheet's edge."""

    from_edge_mm: float
    place: PageNumberPlace = "top_center"


class CornerWidth(Rule):
    """The longest line of a requisite in the corner."""

    widest_mm: float


class Heading(Rule):
    """Whether each document must have a heading."""

    required: bool


class SignatureMark(Rule):
    """What the mark must name: beginnings of words."""

    words: tuple[str, ...]


class Rules(Value):
    """The measured rules, in the order of a report; the name of a field is the rule's id."""

    page_size: PageSize
    margins: Margins
    font_size: FontSize
    line_spacing: LineSpacing
    paragraph_indent: ParagraphIndent
    text_alignment: TextAlignment
    page_number: PageNumber
    corner_width: CornerWidth
    date_and_number: Rule
    approval: Rule
    heading: Heading
    order_text: Rule
    appendix_mark: Rule
    signature: Rule
    signature_mark: SignatureMark


class Exemption(Value):
    """Kinds of documents, by the name printed on them, that some rules do not bind."""

    names: tuple[str, ...]
    rules: tuple[RuleId, ...]
    because: str


class KindNames(Value):
    """Names that are printed on documents, and what follows from them."""

    agreement: dict[str, Agreement]
    numbered: tuple[str, ...]  # have date and number under the name
    orders: dict[str, str]  # the word that their text turns on
    exempt: tuple[Exemption, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All names, the longer ones first, so that the first that fits is the nearest."""
        free = (name for exemption in self.exempt for name in exemption.names)
        return tuple(sorted({*self.agreement, *free}, key=len, reverse=True))


class Profile(Value):
    """What the layout is measured against."""

    profile: str
    title: str  # of the norm
    since: dt.date
    until: dt.date | None  # the last day; none: still in force
    rules: Rules
    not_measured: tuple[str, ...]
    kinds: KindNames

    def in_force(self, day: dt.date) -> bool:
        """Whether papers dated `day` follow it."""
        return self.since <= day and (self.until is None or day <= self.until)


def profiles(folder: Path) -> tuple[Profile, ...]:
    """The profiles of a folder `rules`, the oldest first.

    Raises `pydantic.ValidationError` if a file that came with us is wrong.
    """
    kinds = yaml.safe_load((folder / "kind_names.yaml").read_text("utf-8"))
    found = (
        Profile.model_validate(yaml.safe_load(path.read_text("utf-8")) | {"kinds": kinds})
        for path in (folder / "layout").glob("*.yaml")
    )
    return tuple(sorted(found, key=lambda profile: profile.since))


def profile_on(folder: Path, day: dt.date) -> Profile:
    """The profile for documents of that day. Raises `NotFound` if none is known."""
    for profile in profiles(folder):
        if profile.in_force(day):
            return profile
    raise NotFound(f"на {day:%d.%m.%Y} нет профиля оформления")
