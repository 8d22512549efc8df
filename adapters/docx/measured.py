"""A DOCX as its reader sees it: sections, paragraphs and their effective measures.

Only the XML that layout depends on is read, under limits; nothing in the file is run or fetched.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from lxml.etree import _Comment, _Element

from adapters.docx.guard import LARGEST_ALL_XML, LARGEST_XML, parsed
from adapters.docx.measured_styles import Styles, W, child, mm, number, value
from adapters.zip_parts import zip_parts
from domain.errors import BadUpload

MOST_PARAGRAPHS = 50_000

_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_WRAPPERS = {f"{W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "smartTag")}
_DROPPED = {f"{W}{name}" for name in ("del", "moveFrom", "pPr", "rPr")} | {_FALLBACK}
_DEFAULT_TAB_MM = 12.7
_PAGE = re.compile(r"^\s*PAGE\b", re.IGNORECASE)
_START = 20  # signs of a paragraph that a place quotes


@dataclass(frozen=True)
class Paragraph:
    """A paragraph with something to see in it, in reading order."""

    where: str
    text: str  # no-break spaces made plain
    style: str
    align: str  # left, center, right, both
    first_line_mm: float
    start_mm: float  # from the left margin to its first sign
    width_mm: float  # of its lines
    spacing: float  # in lines
    sizes_pt: tuple[float, ...]
    container: int  # 0: the page itself; else a cell or a text box
    after_blank: bool  # in the last cell of a row, behind a cell without letters
    listed: bool  # its indent belongs to a list
    breaks: bool  # after it, or before it, a page ends

    @property
    def place(self) -> str:
        """Where it is, with its first signs."""
        start = self.text.strip()
        return f"{self.where} «{start[:_START]}{'…' if len(start) > _START else ''}»"


@dataclass(frozen=True)
class PageField:
    """A page number in a header or a footer."""

    above: bool
    align: str


@dataclass(frozen=True)
class Section:
    """A stretch of pages of one shape."""

    number: int
    width_mm: float
    height_mm: float
    left_mm: float
    right_mm: float
    top_mm: float
    bottom_mm: float
    header_mm: float
    first_differs: bool
    first: tuple[PageField, ...]  # page numbers of the first page, where it differs
    others: tuple[PageField, ...]

    @property
    def text_mm(self) -> float:
        """From the left margin to the right one."""
        return self.width_mm - self.left_mm - self.right_mm


class Measured:
    """A document that can be measured."""

    def __init__(self, content: bytes) -> None:
        """Raises `BadUpload` on what is no DOCX, or breaks a limit."""
        self._parts = _xml_parts(content)
        self._main = _main_part(self._parts)
        root = self._tree(self._main)
        body = child(root, "body")
        if root.tag != f"{W}document" or body is None:
            raise BadUpload("в файле нет текста документа Word; сохраните его как DOCX")
        self._body = body
        self._related = self._relations()
        styles = next((self._tree(p) for k, p in self._related.values() if k == "styles"), None)
        self._styles = Styles(styles)

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """In the order of the document; a document always has one."""
        found: list[Section] = []
        held: dict[str, str] = {}  # a section without headers of its own has those before
        for index, shape in enumerate(_section_shapes(self._body), start=1):
            for tag in ("headerReference", "footerReference"):
                for reference in shape.iterchildren(f"{W}{tag}"):
                    kind = reference.get(f"{W}type", "default")
                    held[f"{tag[:6]} {kind}"] = reference.get(f"{_R}id", "")
            found.append(self._section(index, shape, held))
        if not found:
            raise BadUpload("в документе нет ни одного раздела")
        return tuple(found)

    @cached_property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """All that have text, those of tables and text boxes among them."""
        found: list[Paragraph] = []
        walk = _Walk(self._styles, [section.text_mm for section in self.sections])
        for paragraph in walk.walked(self._body):
            found.append(paragraph)
            if len(found) > MOST_PARAGRAPHS:
                raise BadUpload(f"в документе больше {MOST_PARAGRAPHS} абзацев")
        return tuple(found)

    def _section(self, index: int, shape: _Element, held: Mapping[str, str]) -> Section:
        size, margins = child(shape, "pgSz"), child(shape, "pgMar")
        gutter = mm(margins, "gutter", 0)
        return Section(
            number=index,
            width_mm=mm(size, "w", 215.9),
            height_mm=mm(size, "h", 279.4),
            left_mm=mm(margins, "left", 25.4) + gutter,
            right_mm=mm(margins, "right", 25.4),
            top_mm=abs(mm(margins, "top", 25.4)),
            bottom_mm=abs(mm(margins, "bottom", 25.4)),
            header_mm=mm(margins, "header", 12.7),
            first_differs=value(child(shape, "titlePg"), "1") not in {"0", "false", "off", ""},
            first=self._page_fields(held, "first"),
            others=self._page_fields(held, "default"),
        )

    def _page_fields(self, held: Mapping[str, str], kind: str) -> tuple[PageField, ...]:
        return tuple(
            field
            for place in ("header", "footer")
            for field in self._fields_of(held.get(f"{place} {kind}", ""), above=place == "header")
        )

    def _fields_of(self, relation: str, *, above: bool) -> Iterator[PageField]:
        _, part = self._related.get(relation, ("", ""))
        if not part:
            return
        for paragraph in self._tree(part).iter(f"{W}p"):
            before = _tabs_before_page(paragraph)
            if before is not None:
                yield PageField(above, self._styles.alignment(paragraph, after_tabs=before))

    def _relations(self) -> dict[str, tuple[str, str]]:
        """Of each relation of the main part: its kind, and the part if it is inside."""
        folder, name = posixpath.split(self._main)
        rels = f"{folder}/_rels/{name}.rels".lstrip("/")
        if rels not in self._parts:
            return {}
        return {
            one.get("Id", ""): (
                one.get("Type", "").rsplit("/", 1)[-1],
                posixpath.normpath(posixpath.join("/", folder, one.get("Target", "")))[1:],
            )
            for one in self._tree(rels).iterchildren("{*}Relationship")
            if one.get("TargetMode") != "External"
        }

    def _tree(self, part: str) -> _Element:
        if part not in self._parts:
            raise BadUpload("в файле не хватает части, на которую он ссылается")
        return parsed(self._parts[part])


def _xml_parts(content: bytes) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    total = 0
    for name, part in zip_parts(content):
        if not name.endswith((".xml", ".rels")):
            continue
        total += len(part)
        if len(part) > LARGEST_XML or total > LARGEST_ALL_XML:
            raise BadUpload("текст документа слишком велик, чтобы его измерить")
        parts[name] = part
    return parts


def _main_part(parts: Mapping[str, bytes]) -> str:
    relations = parts.get("_rels/.rels")
    if relations is not None:
        for one in parsed(relations).iterchildren("{*}Relationship"):
            if one.get("Type", "").endswith("/officeDocument"):
                return one.get("Target", "").lstrip("/")
    raise BadUpload("это не документ Word")


def _tabs_before_page(paragraph: _Element) -> int | None:
    """How many tabs stand before the page number; none without one."""
    tabs = 0
    for node in paragraph.iter():
        above = node.getparent()
        tabs += node.tag == f"{W}tab" and above is not None and above.tag == f"{W}r"
        simple = node.get(f"{W}instr", "") if node.tag == f"{W}fldSimple" else ""
        code = (node.text or "") if node.tag == f"{W}instrText" else simple
        if _PAGE.match(code):
            return tabs
    return None


class _Walk:
    """Reads paragraphs in order, counting where each of them is."""

    def __init__(self, styles: Styles, widths_mm: Sequence[float]) -> None:
        self._styles = styles
        self._widths_mm = widths_mm  # of the text, by section
        self._paragraphs = self._tables = self._containers = self._sections = 0

    def walked(self, body: _Element) -> Iterator[Paragraph]:
        for block in list(body.iterchildren()):
            width = self._widths_mm[min(self._sections, len(self._widths_mm) - 1)]
            yield from self._blocks([block], None, 0, 0.0, width, after_blank=False)
            self._sections += block.find(f"{W}pPr/{W}sectPr") is not None

    def _blocks(
        self,
        blocks: Iterable[_Element],
        where: str | None,
        container: int,
        start_mm: float,
        width_mm: float,
        *,
        after_blank: bool,
    ) -> Iterator[Paragraph]:
        for block in blocks:
            if block.tag == f"{W}p":
                self._paragraphs += where is None
                here = where or f"абзац {self._paragraphs}"
                seen = self._paragraph(
                    block, here, container, start_mm, width_mm, after_blank=after_blank
                )
                if seen is not None:
                    yield seen
                yield from self._boxes(block)
            elif block.tag == f"{W}tbl":
                yield from self._table(block, where, start_mm, width_mm)
            elif block.tag in _WRAPPERS:
                within = block.iterchildren()
                yield from self._blocks(
                    within, where, container, start_mm, width_mm, after_blank=after_blank
                )

    def _table(
        self, table: _Element, outside: str | None, start_mm: float, width_mm: float
    ) -> Iterator[Paragraph]:
        if outside is None:
            self._tables += 1
        grid = [mm(column, "w", 0) for column in table.iterfind(f"{W}tblGrid/{W}gridCol")]
        narrower = min(1.0, width_mm / sum(grid)) if sum(grid) else 1.0
        for row_index, row in enumerate(_inside(table, "tr"), start=1):
            cells = list(_inside(row, "tc"))
            column = 0
            for index, cell in enumerate(cells, start=1):
                span = int(number(cell.find(f"{W}tcPr/{W}gridSpan"), "val", 1))
                left = start_mm + narrower * sum(grid[:column])
                wide = narrower * sum(grid[column : column + span])
                column += span
                self._containers += 1
                place = f"таблица {self._tables}, строка {row_index}, ячейка {index}"
                within = cell.iterchildren()
                ends = cell is cells[-1] and index > 1 and _is_blank(cells[index - 2])
                yield from self._blocks(
                    within, outside or place, self._containers, left, wide, after_blank=ends
                )

    def _boxes(self, paragraph: _Element) -> Iterator[Paragraph]:
        for box in paragraph.iter(f"{W}txbxContent"):
            if any(above.tag == _FALLBACK for above in box.iterancestors()):
                continue
            self._containers += 1
            yield from self._blocks(
                box.iterchildren(), "надпись", self._containers, 0, 0, after_blank=False
            )

    def _paragraph(
        self,
        paragraph: _Element,
        where: str,
        container: int,
        start_mm: float,
        width_mm: float,
        *,
        after_blank: bool,
    ) -> Paragraph | None:
        runs = list(_runs(paragraph))
        text = "".join(_text(run) for run in runs).replace("\u00a0", " ")
        if not text.strip():
            return None
        shape = self._styles.shape(paragraph)
        sizes = {self._styles.size(paragraph, run) for run in runs if _text(run).strip()}
        tabs = len(text) - len(text.lstrip("\t"))
        first = 0 if tabs else max(shape.first_line_mm, 0)
        return Paragraph(
            where=where,
            text=text,
            style=shape.style,
            align=shape.align,
            first_line_mm=shape.first_line_mm,
            start_mm=start_mm + shape.left_mm + tabs * _DEFAULT_TAB_MM + first,
            width_mm=width_mm - shape.left_mm - shape.right_mm - tabs * _DEFAULT_TAB_MM,
            spacing=shape.spacing(max(sizes)),
            sizes_pt=tuple(sorted(sizes)),
            container=container,
            after_blank=after_blank,
            listed=shape.listed,
            breaks=shape.page_break_before or _breaks(paragraph),
        )


def _section_shapes(body: _Element) -> Iterator[_Element]:
    """As they hold now, without those that a tracked change replaced."""
    for shape in body.iter(f"{W}sectPr"):
        above = shape.getparent()
        if above is not None and above.tag in {f"{W}body", f"{W}pPr"}:
            yield shape


def _inside(parent: _Element, tag: str) -> Iterator[_Element]:
    """Children with the tag, through wrappers."""
    for one in parent.iterchildren():
        if one.tag == f"{W}{tag}":
            yield one
        elif one.tag in _WRAPPERS:
            yield from _inside(one, tag)


def _is_blank(cell: _Element) -> bool:
    """Whether there is only room to sign."""
    return not any((one.text or "").strip("_ \u00a0") for one in cell.iter(f"{W}t"))


def _runs(node: _Element) -> Iterator[_Element]:
    """Runs of this paragraph; not deleted ones, nor those of text boxes in it."""
    for one in node.iterchildren():
        if one.tag == f"{W}r":
            yield one
        elif one.tag not in _DROPPED and not isinstance(one, _Comment):
            yield from _runs(one)


def _text(run: _Element) -> str:
    signs = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
    return "".join(
        (one.text or "") if one.tag == f"{W}t" else signs.get(str(one.tag), "")
        for one in run.iterchildren()
    )


def _breaks(paragraph: _Element) -> bool:
    return any(one.get(f"{W}type") == "page" for one in paragraph.iter(f"{W}br"))
