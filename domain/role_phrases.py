"""Roles of a roadmap from what stands in cells of responsible people.

«Директор, зам. директора по УВР; куратор» are three roles. A person's name makes no role: who
holds which role is said at launch.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from domain.base import Value
from domain.roadmap import Role
from domain.word_tables import Line, cleaned


class NamedRole(Value):
    """A role as one cell names it."""

    id: str
    role: Role
    is_new: bool  # first met here
    why: str | None = None  # Russian: what is not sure about it


class Responsible(Value):
    """What a cell of responsible people says."""

    roles: tuple[NamedRole, ...]
    names: tuple[str, ...]  # of persons, as they are written


DIRECTOR: Final = "director"
CURATOR: Final = "curator"
MENTOR: Final = "mentor"
MENTEE: Final = "mentee"
LONGEST_ID: Final = 40
_MOST_TITLE: Final = 300
_NAME: Final = re.compile(
    r"[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?\s+[А-ЯЁ]\.\s?(?:[А-ЯЁ](?:\.|(?![а-яёА-ЯЁ])))?(?![а-яё])"
    r"|(?<![А-ЯЁа-яё])[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?[А-ЯЁ][а-яё]+(?:-[А-ЯЁ][а-яё]+)?"
    r"|[А-ЯЁ][а-яё]+\s+[А-ЯЁ][а-яё]+\s+[А-ЯЁ][а-яё]+(?:вич|вна|ична|инична|оглы|кызы)(?![а-яё])"
)
_HEADS: Final = (
    r"(?:директор|руководител[ьи]|заместител[ьи]|зам\.|куратор|методист|наставник|наставляем"
    r"|педагог|психолог|председател|секретар|специалист|классн|администрац|управлени|социальн"
    r"|совет|воспитател|старш|учител|преподавател|мастер|начальник|заведующ|тьютор|вожат|член"
    r"|бухгалтер|родител|работодател|представител|ответственн|координатор|завуч)"
)
_ORGANISATION: Final = (
    r"(?:МБУ|МКУ|МАУ|ГБУ|ГАУ|МБОУ|МКОУ|МАОУ|МОУ|ГБПОУ|ОГПОБУ|ИРО|СМП|[Пп]рофсоюзн\w+ организаци\w+"
    r"|(?:[Оо]бще)?[Оо]бразовательн\w+ организаци\w+|[Уу]правлени[ея] образования)"
)
_MARK: Final = re.compile(r"^(?:\d{1,2}[.)]|[-–—•])\s*(?=[^\W\d])")
_SPLIT: Final = re.compile(rf"\s*[;,/]\s*|\s+и\s+(?={_HEADS})", re.IGNORECASE)
_POST: Final = (
    r"(?:Директор|Зам\.|Заместител[ьи]|Кураторы?|Методисты?|Наставники?|Педагог|Председатель"
    r"|Психолог|Руководител[ьи]|Социальный|Администрация|Специалист|Секретарь|Учител[ья])"
)
_CAPITALS: Final = re.compile(rf"(?<=[а-яёА-ЯЁ»\"])\s+(?=(?:{_ORGANISATION}|{_POST})(?!\w))")
"""A capital letter begins the next of several that nothing separates."""
_SHORT_FOR: Final = re.compile(r"[А-ЯЁ]{2,5}")
_BY: Final = re.compile(r"(.*\bпо )[А-ЯЁ]{2,5}$")
_SINGULAR: Final[tuple[tuple[str, str], ...]] = (
    (
        r"^зам(?:еститель|естители|ы)?\.?\s*(?=директор|руководител|заведующ|начальник)",
        "заместитель ",
    ),
    (r"^заместители\b", "заместитель"),
    (r"^кураторы\b", "куратор"),
    (r"^методисты\b", "методист"),
    (r"^директора\b", "директор"),
    (r"^руководители\b", "руководитель"),
    (r"^председатели\b", "председатель"),
    (r"^наставники\b", "наставник"),
    (r"^педагоги\s?-\s?психологи\b", "педагог-психолог"),
    (r"^педагог\s?-\s?психолог\b", "педагог-психолог"),
)
_KNOWN: Final[tuple[tuple[str, str], ...]] = (
    (r"директор(?: (?:школы|техникума|колледжа|оо|учреждения|организации))?", DIRECTOR),
    (
        r"куратор(?: (?:наставничества|программы|программ|программы наставничества|цмн|оо))*",
        CURATOR,
    ),
    (r"наставник(?: (?:молодого специалиста|пары|молодых специалистов))?", MENTOR),
    (r"наставляем(?:ый|ые)", MENTEE),
)
_SIDES: Final[Mapping[str, Role]] = {
    MENTOR: Role(title="Наставник", holder="mentor"),
    MENTEE: Role(title="Наставляемый", holder="mentee"),
}
_BODY: Final = re.compile(
    r"(?:\w+ )?(?:совет|педсовет|комиссия|рабочая группа|команда|собрание|методобъединени\w+"
    r"|методическ\w+ объединени\w+|смо?|шмо)\b"
)
_INSTITUTION: Final = re.compile(
    r"^(?:мбу|мку|мау|гбу|гау|мбоу|мкоу|маоу|моу|оо\b|иро\b|имц|цомоу|смп\b|управлени|отдел|комитет"
    r"|администраци|министерств|департамент|центр|(?:обще)?образовательн\w+ (?:организаци|учрежден)"
    r"|школ[аы]|профсоюз)"
)
_BELOW: Final = re.compile(
    r"(?:(?:общеобразовательн|образовательн)\w+ (?:организаци|учреждени)\w+|оо$|школы|доу$"
    r"|руководител\w+ (?:оо|доу|образовательн))"
)
_LATIN: Final = "a b v g d e z i y k l m n o p r s t u f kh ts ch sh shch ' y ' e yu ya zh e"
_LETTERS: Final = dict(zip("абвгдезийклмнопрстуфхцчшщъыьэюяжё", _LATIN.split(), strict=True))


class Roles:
    """The roles of a whole roadmap, as they are met."""

    def __init__(self) -> None:
        self._by_key: dict[str, str] = {}
        self.found: dict[str, Role] = {}

    def read(self, lines: Sequence[Line]) -> Responsible:
        """The roles that a cell names, in order, each once."""
        names: list[str] = []
        roles: dict[str, NamedRole] = {}
        for piece in _pieces(lines):
            found = [name.strip() for name in _NAME.findall(piece)]
            names += found
            title = _title(_NAME.sub(" ", piece))
            is_nameless = bool(found) and not title
            if is_nameless:
                title = f"Ответственный {len(self.found) + 1}"
            if title:
                # Of a person without a post, the name is what it is known by again.
                role = self._role(title, found[0] if is_nameless else _key(title))
                roles.setdefault(role.id, role)
        return Responsible(roles=tuple(roles.values()), names=tuple(names))

    def add(self, id_: str, title: str) -> bool:
        """A role that every roadmap needs; False if it is there already."""
        if id_ in self.found:
            return False
        self.found[id_] = _SIDES.get(id_) or Role(title=title)
        return True

    def _role(self, title: str, key: str) -> NamedRole:
        known = next((id_ for pattern, id_ in _KNOWN if re.fullmatch(pattern, key)), None)
        id_ = known or self._by_key.get(key) or self._new_id(_key(title))
        is_new = id_ not in self.found
        if is_new:
            self._by_key[key] = id_
            self.found[id_] = _SIDES.get(id_) or Role(title=title)
        return NamedRole(id=id_, role=self.found[id_], is_new=is_new, why=_why(id_, _key(title)))

    def _new_id(self, key: str) -> str:
        base = slug(key)
        number = 1
        while (id_ := base if number == 1 else f"{base[: LONGEST_ID - 4]}_{number}") in (
            *self.found,
            *_SIDES,
            DIRECTOR,
            CURATOR,
        ):
            number += 1
        return id_


def slug(text: str) -> str:
    """The text as an id: Latin letters, figures and underscores, a letter first."""
    latin = "".join(_LETTERS.get(sign, sign) for sign in text.casefold()).replace("'", "")
    id_ = re.sub(r"[^a-z0-9]+", "_", latin).strip("_")[:LONGEST_ID].rstrip("_")
    return id_ if id_[:1].isalpha() else f"role_{id_}"[:LONGEST_ID].rstrip("_")


def without_names(text: str) -> str:
    """The text as it may be shown: persons' names left out."""
    return _NAME.sub("[имя]", text)


def is_body(role: Role) -> bool:
    """Whether the role is held by several people together."""
    return _BODY.match(role.title.casefold()) is not None


def _pieces(lines: Sequence[Line]) -> Iterator[str]:
    """One piece for each responsible."""
    for text in _whole_lines(lines):
        before = ""
        for part in (p for one in _SPLIT.split(text) for p in _CAPITALS.split(one)):
            piece = _MARK.sub("", cleaned(part)).strip(" -–—•:")
            by = _BY.fullmatch(before)
            if by and _SHORT_FOR.fullmatch(piece):
                piece = f"{by[1]}{piece}"  # «зам. директора по УВР, УПР»
            if piece:
                yield piece
                before = piece


def _whole_lines(lines: Sequence[Line]) -> Iterator[str]:
    """Lines that only the width of the cell has broken are one."""
    held = ""
    for line in lines:
        is_own = line.bullet or not line.text[0].islower() or re.match(_HEADS, line.text)
        if held and (held.endswith("-") or not (is_own or held[-1] in ",;")):
            held = f"{held}{'' if held.endswith('-') else ' '}{line.text}"
            continue
        if held:
            yield held
        held = line.text
    if held:
        yield held


def _title(text: str) -> str:
    shown = cleaned(re.sub(r"\(\s*\)", " ", text)).strip(" .,;-–—•:")
    if not re.search(r"\w", shown):
        return ""
    for pattern, whole in _SINGULAR:
        changed = re.sub(pattern, whole, shown, flags=re.IGNORECASE)
        if changed != shown:
            shown = cleaned(changed)
            break
    return (shown[:1].upper() + shown[1:])[:_MOST_TITLE]


def _key(title: str) -> str:
    plain = re.sub(r"\([^)]*\)|[«»\"“”„.]", " ", title.casefold().replace("ё", "е"))
    return cleaned(re.sub(r"\s*-\s*", "-", plain))


def _why(id_: str, key: str) -> str | None:
    if id_ in _SIDES:
        return None
    if _BODY.match(key):
        return "это орган, а не должность: при запуске назначьте, кто за него отвечает"
    if _BELOW.match(key):
        return "это организации ниже: возможно, строке нужен scope: organisations"
    if _INSTITUTION.match(key):
        return "это организация, а не должность: при запуске назначьте человека от неё"
    return None
