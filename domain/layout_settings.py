"""What an organisation changes in the layout of its documents."""

from typing import Annotated, Literal

from pydantic import Field

from domain.base import Value

PageNumberPlace = Literal["top_center", "top_right", "bottom_center", "bottom_right"]

_Margin = Annotated[float, Field(ge=5, le=60)]
_Size = Annotated[float, Field(ge=6, le=24, multiple_of=0.5)]
_Spacing = Annotated[float, Field(ge=0.8, le=3)]


class LayoutSettings(Value):
    """One organisation's layout; None: as the template has it.

    The limits are those of a legible page, not of the standard: what is less than the standard
    asks may be set, and `docx lint` says so.
    """

    font: Annotated[str, Field(pattern=r"^[\w][\w .-]{0,62}$")] | None = None
    size_pt: _Size | None = None  # of the text
    table_size_pt: _Size | None = None  # of tables with borders
    line_spacing: _Spacing | None = None  # of the text, in lines
    requisite_spacing: _Spacing | None = None  # of requisites of several lines
    indent_mm: Annotated[float, Field(ge=0, le=30)] | None = None  # of a paragraph's first line
    align: Literal["left", "both"] | None = None  # of the text
    left_mm: _Margin | None = None
    left_kept_long_mm: _Margin | None = None  # of papers kept for more than 10 years
    right_mm: _Margin | None = None
    top_mm: _Margin | None = None
    bottom_mm: _Margin | None = None
    corner_mm: Annotated[float, Field(ge=40, le=100)] | None = None  # width of corner requisites
    page_number: PageNumberPlace | None = None
    page_number_mm: Annotated[float, Field(ge=3, le=30)] | None = None  # from the sheet's edge
