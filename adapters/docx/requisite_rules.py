"""Rules of requisites: where they stand, what they say and how."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from adapters.docx.layout_profile import (
    CornerWidth,
    Heading,
    KindNames,
    LineSpacing,
    RuleId,
    SignatureMark,
)
from adapters.docx.measured import Measured, Paragraph
from adapters.docx.page_rules import TOLERANCE_MM, Finding, mm_words, number_words
from domain.kinds import APPROVED_FORMS

_MONTHS = "января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря"
_BLANK_DATE = r"«_+»\s*_+\s*(?:20_+|_+)\s*г?\.?"
_DATE = re.compile(
    rf"\b\d\d\.\d\d\.\d{{4}}\b(?!\s*г)|\b[1-9]\d?\s(?:{_MONTHS})\s\d{{4}}\sг\.|{_BLANK_DATE}"
)
_LIKE_DATE = re.compile(
    rf"\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{2,4}}|\d{{1,2}}\s(?:{_MONTHS})\s\d{{2,4}}|_{{3,}}\s*20",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"№\s*(?:_+|[\w-])")
_INITIAL = r"[А-ЯЁ]\.(?:-[А-ЯЁ]\.)?"
_SURNAME = r"[А-ЯЁ][а-яё]+(?:[- ][А-ЯЁ]?[а-яё]+)?"
_NAME = re.compile(rf"{_INITIAL}\s?(?:{_INITIAL}\s?)?{_SURNAME}\s*(?:$|[\s,])")
_TURNED = re.compile(rf"^(.*[_\s])?{_SURNAME}\s{_INITIAL}(?:\s?{_INITIAL})?$")
_APPROVED = re.compile(r"^[«\"]?(УТВЕРЖД(?:АЮ|[ЁЕ]Н[АОЫ]?))\b[»\"]?[:.]?", re.IGNORECASE)
_ACT = re.compile(r"\b(приказом|распоряжением|постановлением|решением|протокол)", re.IGNORECASE)
_APPENDIX = re.compile(r"^Приложени[ея](?:\s*(№)?\s*([\w./-]{1,6}))?$", re.IGNORECASE)
_APPENDIX_OF = re.compile(r"^(?:к|ко)\s", re.IGNORECASE)
_OPENING = re.compile(r"^(?:О|Об|Обо)\s")
_SIGNED = re.compile(r"подписан\w*\s+(?:\w+\s+){0,3}электронной\s+подписью", re.IGNORECASE)
_WRONG_BEFORE_POST = re.compile(r"^(?:за\s|/)", re.IGNORECASE)
_SPACED = re.compile(r"\b(?:[А-ЯЁа-яё]\s){3,}[А-ЯЁа-яё]\b")  # «П Р И К А З»

_LONGEST_LINE = 120  # signs: what is longer is running text
_BLOCK = 8  # paragraphs of a requisite at most


@dataclass(frozen=True)
class Named:
    """The name of the kind, as printed on the document."""

    name: str
    at: int  # its paragraph among all


def named(kinds: KindNames, paragraphs: Sequence[Paragraph]) -> Named | None:
    """The first line that begins with a kind's name and has nothing of a sentence."""
    for index, paragraph in enumerate(paragraphs):
        text = _unspaced(paragraph)
        centred = paragraph.align == "center"
        if paragraph.container or len(text) > _LONGEST_LINE or text.endswith((".", ";")):
            continue
        if not (centred or text.isupper()):
            continue
        for name in kinds.names:
            if re.match(rf"{_plain(name)}\b", _plain(text)):
                return Named(name, index)
    return None


def corner_width(rule: CornerWidth, spacing: LineSpacing, document: Measured) -> Iterator[Finding]:
    """What approves, or marks an appendix, stands at the right, narrow and close."""
    for block in _corners(document.paragraphs):
        head, text_mm = block[0], _text_mm(document)
        widest = max(paragraph.width_mm for paragraph in block)
        if head.align != "right" and head.start_mm < text_mm / 2 - TOLERANCE_MM:
            found = f"{mm_words(head.start_mm)} от левого поля"
            yield Finding(head.place, found, "в правой половине листа")
        elif head.align != "right" and widest > rule.widest_mm + TOLERANCE_MM:
            yield Finding(
                head.place, f"ширина {mm_words(widest)}", f"не больше {mm_words(rule.widest_mm)}"
            )
        for paragraph in block:
            if paragraph.spacing > spacing.requisite + TOLERANCE_MM:
                expected = f"интервал {number_words(spacing.requisite)}"
                yield Finding(
                    paragraph.place, f"интервал {number_words(paragraph.spacing)}", expected
                )


def date_and_number(kinds: KindNames, document: Measured, kind: Named | None) -> Iterator[Finding]:
    """The kinds that a journal counts have both, in one of the two ways of writing a date."""
    if kind is None or kind.name not in kinds.numbered:
        return
    lines = _under(document.paragraphs, kind.at)
    place = document.paragraphs[kind.at].place
    dated = [line for line in lines if _LIKE_DATE.search(line.text) or _DATE.search(line.text)]
    if not dated:
        yield Finding(f"под: {place}", "даты нет", "дата: 05.06.2026 или 5 июня 2026 г.")
    for line in dated[:1]:
        if not _DATE.search(line.text):
            yield Finding(line.place, line.text.strip(), "дата: 05.06.2026 или 5 июня 2026 г.")
    if not any(_NUMBER.search(line.text) for line in (document.paragraphs[kind.at], *lines)):
        yield Finding(f"под: {place}", "номера нет", "знак № и номер")


def approval(kinds: KindNames, document: Measured, kind: Named | None) -> Iterator[Finding]:
    """The mark has its words, agrees with the kind, and says who or what approved, and when."""
    appended = any(_APPENDIX.match(_first_line(one)) for one in document.paragraphs)
    for block in _blocks(document.paragraphs, _APPROVED):
        head = block[0]
        found = _APPROVED.match(_first_line(head))
        if found is None:
            continue
        word, rest = found[1], " ".join(one.text for one in block)
        if found[0] != word.upper():
            expected = f"{word.upper()} — прописными, без кавычек и двоеточия"
            yield Finding(head.place, found[0], expected)
        if head.align in {"right", "both"}:
            side = "вправо" if head.align == "right" else "по ширине"
            yield Finding(head.place, f"строки выровнены {side}", "по левому краю или по центру")
        if word.upper() == "УТВЕРЖДАЮ":
            yield from _approved_by_person(head, rest)
        else:
            yield from _approved_by_act(head, word.upper(), rest, kinds, kind, appended=appended)


def _approved_by_person(head: Paragraph, rest: str) -> Iterator[Finding]:
    if not _NAME.search(rest):
        yield Finding(head.place, "нет инициалов и фамилии", "подпись, И. О. Фамилия")
    if not _DATE.search(rest):
        yield Finding(head.place, "нет даты", "дата утверждения или место для неё")


def _approved_by_act(
    head: Paragraph, word: str, rest: str, kinds: KindNames, kind: Named | None, *, appended: bool
) -> Iterator[Finding]:
    act = _ACT.search(rest)
    if act is None:
        yield Finding(head.place, "не сказано, чем утверждено", "«приказом …» или «протокол …»")
    elif not (_DATE.search(rest) or "___" in rest) or "№" not in rest:
        yield Finding(head.place, "нет даты или номера акта", "«от … № …»")
    gender = None if kind is None else kinds.agreement.get(kind.name)
    if gender is None:
        return
    neutral = _plain(word) == "УТВЕРЖДЕНО" and (
        appended or (act is not None and act[0].lower() == "протокол")
    )
    if not neutral and _plain(word) != _plain(APPROVED_FORMS[gender]):
        yield Finding(head.place, word, APPROVED_FORMS[gender])


def heading(rule: Heading, document: Measured, kind: Named | None) -> Iterator[Finding]:
    """There is one, under the kind's name or with «О…», and no full stop behind it."""
    found = _heading(document.paragraphs, kind)
    if found is None:
        if rule.required:
            place = "начало документа" if kind is None else document.paragraphs[kind.at].place
            yield Finding(place, "заголовка нет", "«О…», «Об…» или в родительном падеже")
        return
    text = found.text.strip()
    if text.endswith(".") and not text.endswith(" г."):
        yield Finding(found.place, "в конце точка", "без точки")


def order_text(kinds: KindNames, document: Measured, kind: Named | None) -> Iterator[Finding]:
    """An order has the word that its items follow from."""
    if kind is None or kind.name not in kinds.orders:
        return
    word = kinds.orders[kind.name]
    texts = (_unspaced(paragraph).upper() for paragraph in document.paragraphs)
    if not any(text.endswith(f"{word}:") for text in texts):
        yield Finding(document.paragraphs[kind.at].place, f"слова «{word}:» нет", f"«{word}:»")


def appendix_mark(document: Measured) -> Iterator[Finding]:
    """A mark tells the number with its sign, and to what it is an appendix, from when."""
    for block in _blocks(document.paragraphs, _APPENDIX):
        head = block[0]
        rest = [line for one in block for line in one.text.strip().split("\n")][1:]
        found = _APPENDIX.match(_first_line(head))
        if found is not None and found[2] and not found[1]:
            yield Finding(head.place, _first_line(head), f"Приложение № {found[2]}")
        if not any(_APPENDIX_OF.match(line.strip()) for line in rest):
            yield Finding(head.place, "не сказано, к чему", "«к приказу … от … № …»")


def signature(document: Measured) -> Iterator[Finding]:
    """Somebody signs, or a mark of approval stands for it; initials come before the surname."""
    after = _text_start(document.paragraphs)
    signed = any(_NAME.search(line.text) for line in document.paragraphs[after:] if _short(line))
    approved = any(_APPROVED.match(_first_line(line)) for line in document.paragraphs)
    turned = [line for line in _signing(document.paragraphs) if _TURNED.match(line.text.strip())]
    for line in turned:
        yield Finding(line.place, "инициалы после фамилии", "И. О. Фамилия")
    if not signed and not approved and not turned:
        yield Finding("конец документа", "строки подписи нет", "должность, подпись, И. О. Фамилия")
    for index, line in enumerate(document.paragraphs[after:], start=after):
        if not _short(line) or not _WRONG_BEFORE_POST.match(line.text.strip()):
            continue
        if any(_NAME.search(beside.text) for beside in document.paragraphs[index : index + 3]):
            expected = "должность полностью, без «за» и косой черты"
            yield Finding(line.place, line.text.strip(), expected)


def signature_mark(rule: SignatureMark, document: Measured) -> Iterator[Finding]:
    """Where a mark says that the document is signed, it names the certificate and its owner."""
    paragraphs = document.paragraphs
    for index, paragraph in enumerate(paragraphs):
        if not _SIGNED.search(paragraph.text) or len(paragraph.text) > _LONGEST_LINE * 3:
            continue
        near = " ".join(one.text for one in paragraphs[index : index + _BLOCK]).lower()
        for word in rule.words:
            if word not in near:
                yield Finding(paragraph.place, f"не назван: {word}", ", ".join(rule.words))


def absent(kinds: KindNames, document: Measured, kind: Named | None) -> set[RuleId]:
    """Rules about what this document does not have."""
    lines = [_first_line(paragraph) for paragraph in document.paragraphs if _short(paragraph)]
    approved, appended = (any(map(mark.match, lines)) for mark in (_APPROVED, _APPENDIX))
    present: dict[RuleId, bool] = {
        "corner_width": approved or appended,
        "date_and_number": kind is not None and kind.name in kinds.numbered,
        "approval": approved,
        "order_text": kind is not None and kind.name in kinds.orders,
        "appendix_mark": appended,
        "signature_mark": any(map(_SIGNED.search, lines)),
    }
    return {rule for rule, there in present.items() if not there}


def _text_mm(document: Measured) -> float:
    return document.sections[0].text_mm


def _first_line(paragraph: Paragraph) -> str:
    return paragraph.text.strip().split("\n")[0].strip()


def _unspaced(paragraph: Paragraph) -> str:
    return _SPACED.sub(lambda found: found[0].replace(" ", ""), paragraph.text.strip())


def _plain(text: str) -> str:
    return text.upper().replace("Ё", "Е")


def _short(paragraph: Paragraph) -> bool:
    return len(paragraph.text) <= _LONGEST_LINE


def _blocks(
    paragraphs: Sequence[Paragraph], head: re.Pattern[str]
) -> Iterator[Sequence[Paragraph]]:
    """A requisite's lines: its head, and what follows in the same place, as far to the right."""
    for index, first in enumerate(paragraphs):
        if not _short(first) or not head.match(_first_line(first)):
            continue
        block = [first]
        for other in paragraphs[index + 1 : index + _BLOCK]:
            aside = abs(other.start_mm - first.start_mm) <= 1 or other.align == first.align
            if other.container != first.container or not aside or not _short(other):
                break
            if _APPROVED.match(other.text.strip()) or _APPENDIX.match(other.text.strip()):
                break
            block.append(other)
        yield block


def _corners(paragraphs: Sequence[Paragraph]) -> Iterator[Sequence[Paragraph]]:
    yield from _blocks(paragraphs, _APPROVED)
    yield from _blocks(paragraphs, _APPENDIX)


def _under(paragraphs: Sequence[Paragraph], at: int) -> list[Paragraph]:
    """The lines between the name of the kind and the text."""
    found: list[Paragraph] = []
    for paragraph in paragraphs[at + 1 : at + 1 + _BLOCK]:
        if paragraph.align == "both" or not _short(paragraph):
            break
        found.append(paragraph)
    return found


def _heading(paragraphs: Sequence[Paragraph], kind: Named | None) -> Paragraph | None:
    if kind is None:
        start = (one for one in paragraphs[: 3 * _BLOCK] if not one.container or _short(one))
        return next((one for one in start if _OPENING.match(one.text.strip())), None)
    own = paragraphs[kind.at]
    under = _under(paragraphs, kind.at)
    opening = next((one for one in under if _OPENING.match(one.text.strip())), None)
    if opening is not None:
        return opening
    for line in under[:1]:
        if line.align == own.align and not (_LIKE_DATE.search(line.text) or "№" in line.text):
            return line
        if line.text.strip()[:1].islower():
            return line
    rest = _plain(own.text.strip())[len(kind.name) :].strip()
    return own if rest and not rest.startswith("№") else None


def _text_start(paragraphs: Sequence[Paragraph]) -> int:
    """Where the text's body begins: signatures come behind it."""
    return next((index for index, one in enumerate(paragraphs) if one.align == "both"), 0)


def _signing(paragraphs: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """The lines that look like a signature: behind a post and room to sign."""
    for line in paragraphs[_text_start(paragraphs) :]:
        room = line.after_blank or any(sign in line.text for sign in ("\t", "___", "   "))
        if _short(line) and room and line.align != "both":
            yield line
