"""Names in a case, for hands and for other programs: one, or a table of them."""

from pathlib import Path

from adapters.russian import name_forms
from domain.base import Value
from domain.names import CASES, Case, Gender
from runtime.settings import WrongCall

GENDERS: tuple[Gender, ...] = ("m", "f")
_COLUMNS = ("name", "gender", "case")
_FEWEST_WORDS = 2
_LONGEST = 200


class Declined(Value):
    """A name in a case, and whether nobody needs to look at it."""

    name: str
    sure: bool


class DeclinedTable(Value):
    """The names of a table, in its order."""

    names: tuple[Declined, ...]


def declined(name: str, gender: str, case: str) -> Declined:
    """«Фамилия Имя Отчество» in a case; the patronymic may be missing or of several words.

    Raises `WrongCall`.
    """
    words = name.split()
    if len(words) < _FEWEST_WORDS or len(name) > _LONGEST:
        raise WrongCall(f"«{name[:_LONGEST]}»: ожидается «Фамилия Имя Отчество»")
    last, first, *rest = words
    form = name_forms(last, first, " ".join(rest) or None, _gender(gender)).form(_case(case))
    return Declined(name=form.full, sure=form.sure)


def declined_table(file: Path) -> DeclinedTable:
    """The names of a TSV whose lines are name, gender and case; a line of titles may come first.

    Raises `WrongCall` with a line for each mistake.
    """
    try:
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise WrongCall(f"{file}: не текст в кодировке UTF-8") from None
    found, mistakes = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        cells = tuple(cell.strip() for cell in line.split("\t"))
        if not line.strip() or (number == 1 and cells == _COLUMNS):
            continue
        try:
            found.append(_of_line(cells))
        except WrongCall as mistake:
            mistakes.append(f"{file}:{number}: {mistake}")
    if mistakes:
        raise WrongCall("\n".join(mistakes))
    return DeclinedTable(names=tuple(found))


def _of_line(cells: tuple[str, ...]) -> Declined:
    if len(cells) != len(_COLUMNS):
        raise WrongCall("ожидаются три столбца через табуляцию: имя, пол (m или f), падеж")
    return declined(*cells)


def _gender(given: str) -> Gender:
    for gender in GENDERS:
        if given == gender:
            return gender
    raise WrongCall(f"пол «{given}»: ожидается m или f")


def _case(given: str) -> Case:
    for case in CASES:
        if given == case:
            return case
    raise WrongCall(f"падеж «{given}»: ожидается одно из: {', '.join(CASES)}")
