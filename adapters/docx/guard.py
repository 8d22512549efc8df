"""A DOCX from outside, looked at before any library opens it: nothing in it may run, fetch or grow.

The limits of `adapters.zip_parts` bound its size; here the XML is read as a stream, no tree is
built. What Word would fetch or run when the file is opened is refused by name; of fields only
those are let in that show what the file itself holds.
"""

import re
from collections.abc import Mapping
from typing import Final

from lxml import etree

from adapters.zip_parts import MIB, zip_parts
from domain.errors import BadUpload

LARGEST_XML: Final = 20 * MIB
LARGEST_ALL_XML: Final = 60 * MIB
_MAIN: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_ACTIVE_TYPES: Final = re.compile(r"macroEnabled|vbaProject|vbaData|activeX|oleObject|ms-office\.")
# Relations by the last word of their type (ECMA-376-1, 11.3 and 15.2; [MS-OFFMACRO2]).
_ACTIVE_RELATIONS: Final[Mapping[str, str]] = {
    "vbaProject": "макросы",
    "wordVbaData": "макросы",
    "oleObject": "внедрённый объект OLE",
    "package": "внедрённый файл",
    "control": "элемент управления ActiveX",
    "activeXControlBinary": "элемент управления ActiveX",
    "aFChunk": "вставленный файл другого формата (altChunk)",
    "attachedTemplate": "присоединённый шаблон",
    "attachedToolbars": "панели присоединённого шаблона",
    "subDocument": "вложенный документ",
    "frame": "рамка с другим файлом",
    "mailMergeSource": "источник данных слияния",
    "mailMergeHeaderSource": "источник данных слияния",
    "transform": "внешнее преобразование",
}
_ACTIVE_ELEMENTS: Final[Mapping[str, str]] = {
    "OLEObject": "внедрённый объект OLE",
    "altChunk": "вставленный файл другого формата (altChunk)",
    "attachedTemplate": "присоединённый шаблон",
    "subDoc": "вложенный документ",
    "mailMerge": "слияние с внешним источником данных",
}
# Fields that show what the file holds. INCLUDETEXT, INCLUDEPICTURE, DDE, LINK, DATABASE, IMPORT,
# MACROBUTTON, QUOTE and their like are not among them (ECMA-376-1, 17.16.5).
_FIELDS: Final = frozenset(
    [
        *("=", "AUTHOR", "COMMENTS", "DATE", "FORMCHECKBOX", "FORMDROPDOWN", "FORMTEXT"),
        *("HYPERLINK", "KEYWORDS", "LISTNUM", "NOTEREF", "NUMPAGES", "NUMWORDS", "PAGE", "PAGEREF"),
        *("REF", "SECTION", "SECTIONPAGES", "SEQ", "STYLEREF", "SUBJECT", "SYMBOL", "TC", "TIME"),
        *("TITLE", "TOC", "XE"),
    ]
)
_CODES: Final = frozenset({"instrText", "delInstrText"})
_WATCHED: Final = frozenset(
    {*_ACTIVE_ELEMENTS, "Relationship", "Override", "Default", "fldSimple", "fldChar"}
)
_MICROSOFT: Final = "urn:schemas-microsoft-com"
_FIRST_WORD: Final = re.compile(r"\s*(=|[^\s\\\"=]+)")
_LINK: Final = re.compile(r"(?i)(?:https?://|mailto:)\S+")
_LINK_FIELD: Final = re.compile(
    r'(?i)\s*HYPERLINK\s+(?:\\[lmnot]\s+"[^"]*"|\\[mno]|"(?:https?://|mailto:)[^"]*"|\s)*\s*'
)
_ELSEWHERE: Final = re.compile(r"://|^\\\\|^//|^[A-Za-z]:")


def check_docx(content: bytes) -> None:
    """Raises `BadUpload` on what is no DOCX, breaks a limit, or could run or fetch something."""
    kinds: set[str] = set()
    total = 0
    for name, part in zip_parts(content):
        kinds.add(name)
        lowered = name.lower()
        if "/activex/" in f"/{lowered}" or "/embeddings/" in f"/{lowered}":
            raise BadUpload("в файле есть внедрённые объекты; вставьте их содержание как текст")
        if not lowered.endswith((".xml", ".rels", ".vml")):
            continue
        total += len(part)
        if len(part) > LARGEST_XML or total > LARGEST_ALL_XML:
            raise BadUpload("текст документа слишком велик")
        _read(name, part)
    if not {"[Content_Types].xml", "_rels/.rels"} <= kinds:
        raise BadUpload("это не документ Word")


def parsed(part: bytes) -> etree._Element:
    """The tree of a part. Raises `BadUpload` on broken XML or a DOCTYPE in any encoding."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(part, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadUpload("файл повреждён: часть его не читается") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise BadUpload("в файле есть объявление DOCTYPE")
    return root


def _read(name: str, part: bytes) -> None:
    reader = _Reader(is_types=name == "[Content_Types].xml")
    parser = etree.XMLParser(
        target=reader,  # type: ignore[arg-type] # the stub asks for bytes too, lxml gives texts
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
    )
    try:
        parser.feed(part)
        parser.close()
    except (etree.XMLSyntaxError, ValueError) as error:
        raise BadUpload("файл повреждён: часть его не читается") from error


class _Reader:
    """Hears the parser's events of one part, and raises `BadUpload` on what may not be there."""

    def __init__(self, *, is_types: bool) -> None:
        self._is_types = is_types
        self._has_main = False
        self._fields: list[str] = []  # codes of the fields that are open, the inmost last
        self._in_code = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = tag.rpartition("}")[2]
        self._in_code = name in _CODES
        if name not in _WATCHED and _MICROSOFT not in tag:
            return  # as nearly all
        given = {key.rpartition("}")[2]: value for key, value in attributes.items()}
        if name in _ACTIVE_ELEMENTS:
            raise _refused(_ACTIVE_ELEMENTS[name])
        if name == "Relationship":
            _check_relation(given)
        elif name in {"Override", "Default"}:
            self._content_type(given)
        elif name == "fldSimple":
            _check_field(given.get("instr", ""))
        elif name == "fldChar":
            self._field_sign(given.get("fldCharType", ""))
        if _MICROSOFT in tag and _ELSEWHERE.search(given.get("src", "")):
            raise _refused("картинка из другого места")

    def end(self, tag: str) -> None:
        self._in_code = False
        if self._is_types and tag.endswith("}Types") and not self._has_main:
            raise BadUpload("это не документ DOCX; сохраните его в Word как «Документ Word (DOCX)»")

    def data(self, text: str) -> None:
        if self._in_code and self._fields:
            self._fields[-1] += text
        elif self._in_code:  # a code outside a field, which Word may still heed
            _check_field(text)

    def doctype(self, *_: object) -> None:
        raise BadUpload("в файле есть объявление DOCTYPE")

    def close(self) -> None:
        for code in self._fields:  # those that no sign has ended
            _check_field(code)

    def _content_type(self, given: Mapping[str, str]) -> None:
        said = given.get("ContentType", "")
        if _ACTIVE_TYPES.search(said):
            raise _refused("макросы или активное содержание")
        self._has_main |= said == _MAIN

    def _field_sign(self, sign: str) -> None:
        if sign == "begin":
            if self._fields and not self._fields[-1].strip():
                raise _refused("поле, чьё имя даёт другое поле")  # it could become any field
            self._fields.append("")
        elif sign in {"separate", "end"} and self._fields:
            _check_field(self._fields[-1])
            if sign == "end":
                self._fields.pop()


def _check_relation(given: Mapping[str, str]) -> None:
    kind = given.get("Type", "").rpartition("/")[2]
    if kind in _ACTIVE_RELATIONS:
        raise _refused(_ACTIVE_RELATIONS[kind])
    target = given.get("Target", "")
    if given.get("TargetMode", "Internal") != "Internal":
        if kind != "hyperlink" or not _LINK.fullmatch(target):
            raise _refused("ссылка на внешний файл")
    elif kind != "hyperlink" and _ELSEWHERE.search(target):
        raise _refused("ссылка на внешний файл")


def _check_field(code: str) -> None:
    found = _FIRST_WORD.match(code)
    word = found.group(1).upper() if found else ""
    if not word.strip():
        return
    if word not in _FIELDS:
        raise _refused(f"поле {word[:40]}")
    if word == "HYPERLINK" and not _LINK_FIELD.fullmatch(code):
        raise _refused("ссылка на внешний файл")


def _refused(what: str) -> BadUpload:
    return BadUpload(f"в файле есть то, чего в шаблоне быть не может: {what}")
