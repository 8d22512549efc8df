"""Roadmaps as YAML files: read into the domain's model, complaints with file and line.

`python -m adapters.roadmap_files` prints the JSON schema that `roadmaps/schema.json` holds.
"""

import json
import re
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from pydantic import ValidationError

from adapters.roadmap_messages import Place, in_russian
from domain.base import Value
from domain.below_checks import fit_complaints
from domain.errors import BadRoadmap
from domain.kinds import KnownKind
from domain.roadmap import Roadmap
from domain.roadmap_checks import complaints

LARGEST = 1_000_000
"""Bytes. A real roadmap of forty rows takes some 30 thousand."""
DEEPEST = 20
"""Levels of nesting. A roadmap has eight."""
MOST_ENTRIES = 50_000
"""Names and values. A real roadmap of forty rows has some 3 thousand; more would take minutes."""


class Problem(Value):
    """One thing that is wrong in a file, and what is expected there."""

    file: str
    line: int
    text: str  # Russian

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


class Shelved(Value):
    """A roadmap of the library, in one line."""

    name: str
    version: int
    title: str
    level: str
    rows: int
    path: Path


def read_roadmap(path: Path, kinds: Mapping[str, KnownKind]) -> Roadmap:
    """The roadmap in the file; `kinds` says of each kind of document whether a
    journal counts it.

    Raises `BadRoadmap`, whose message has a line for each problem: `file:line: what is wrong`.
    """
    roadmap, problems = _read(path, kinds)
    if roadmap is None or problems:
        raise BadRoadmap("\n".join(str(problem) for problem in problems))
    return roadmap


def problems_of(path: Path, kinds: Mapping[str, KnownKind]) -> tuple[Problem, ...]:
    """Everything that is wrong in the file, by line; nothing for a roadmap that can be launched."""
    return _read(path, kinds)[1]


def library(folder: Path) -> tuple[Shelved, ...]:
    """The roadmaps of a folder, by name. Raises `BadRoadmap` for a file of another shape.

    Whether its kinds of document exist is left to `problems_of`.
    """
    return tuple(
        Shelved(
            name=roadmap.roadmap,
            version=roadmap.version,
            title=roadmap.title,
            level=roadmap.level,
            rows=len(roadmap.steps),
            path=path,
        )
        for path in sorted(folder.glob("*.yaml"))
        for roadmap in (_of_this_shape(path),)
    )


def schema() -> dict[str, Any]:
    """The JSON schema of a roadmap file, for editors and for other systems."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Roadmap.model_json_schema(),
    }


def schema_text() -> str:
    """`schema()` as `roadmaps/schema.json` holds it."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


class _UnreadableError(Exception):
    """The file cannot be read further."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__()
        self.problems = problems


def _of_this_shape(path: Path) -> Roadmap:
    try:
        return _File(path).roadmap()
    except _UnreadableError as found:
        raise BadRoadmap("\n".join(str(problem) for problem in found.problems)) from None


def _read(path: Path, kinds: Mapping[str, KnownKind]) -> tuple[Roadmap | None, tuple[Problem, ...]]:
    try:
        file = _File(path)
        roadmap = file.roadmap()
    except _UnreadableError as found:
        return None, _sorted(found.problems)
    said = (*complaints(roadmap, kinds), *fit_complaints(roadmap, _below(path, roadmap)))
    return roadmap, _sorted(file.problem(complaint.at, complaint.text) for complaint in said)


def _below(path: Path, roadmap: Roadmap) -> Roadmap | None:
    """The roadmap of the level below, which lies beside this one; none if it cannot be read."""
    if roadmap.below is None:
        return None
    beside = path.with_name(f"{roadmap.below.roadmap}.yaml")
    try:
        return _File(beside).roadmap()
    except _UnreadableError:
        return None


def _sorted(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    unique = dict.fromkeys(problems)
    return tuple(sorted(unique, key=lambda problem: problem.line))


_Loader: TypeAlias = type[yaml.CSafeLoader] | type[yaml.SafeLoader]


class _File:
    """The plain values of a YAML file, and the line of each. Raises `_UnreadableError`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: dict[Place, int] = {}
        self.problems: list[Problem] = []
        node = self._composed(self._text())
        self.values = self._value(node, ())
        if self.problems:
            raise _UnreadableError(self.problems)

    def roadmap(self) -> Roadmap:
        """The file's roadmap, if it has the shape of one."""
        try:
            # As JSON, and strictly: «"1"» is no number here, and «да» is no flag.
            return Roadmap.model_validate_json(json.dumps(self.values), strict=True)
        except ValidationError as error:
            raise _UnreadableError(
                [self.problem(problem.at, problem.text) for problem in in_russian(error, Roadmap)]
            ) from None

    def problem(self, at: Place, text: str) -> Problem:
        """A problem at the line of `at`, or of the nearest thing around it."""
        while at and at not in self.lines:
            at = at[:-1]
        return self._at_line(self.lines.get(at, 1), text)

    def _at_line(self, line: int, text: str) -> Problem:
        return Problem(file=str(self.path), line=line, text=text)

    def _refuse(self, line: int, text: str) -> _UnreadableError:
        return _UnreadableError([self._at_line(line, text)])

    def _text(self) -> str:
        try:
            with self.path.open("rb") as file:
                body = file.read(LARGEST + 1)
        except OSError as error:
            said = _CLOSED.get(type(error), error.strerror)
            raise self._refuse(1, f"файл не открывается: {said}") from None
        if len(body) > LARGEST:
            raise self._refuse(1, f"файл больше {LARGEST // 1000} КБ; дорожная карта короче")
        try:
            return body.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = body.count(b"\n", 0, error.start) + 1
            text = "не текст в кодировке UTF-8; сохраните файл заново в UTF-8"
            raise self._refuse(line, text) from None

    def _composed(self, text: str) -> yaml.Node:
        try:
            node = self._parsed(text)
        except yaml.MarkedYAMLError as error:
            # A quote that is not closed is seen at the end of the file, and begins elsewhere.
            unclosed = "end of stream" in (error.problem or "")
            mark = (unclosed and error.context_mark) or error.problem_mark
            line = mark.line + 1 if mark else 1
            raise self._refuse(line, f"ошибка в записи YAML: {_syntax(error)}") from None
        except yaml.reader.ReaderError as error:
            line = text.count("\n", 0, error.position) + 1
            raise self._refuse(line, "непечатный знак, которого в YAML быть не может") from None
        if not isinstance(node, yaml.MappingNode):
            raise self._refuse(1, "нет дорожной карты; ожидается запись с полем roadmap")
        return node

    def _parsed(self, text: str) -> yaml.Node | None:
        """By the parser in C, five times as fast; what it refuses, by the one whose complaints we
        know in Russian.
        """
        try:
            return self._checked(text, yaml.CSafeLoader)
        except yaml.YAMLError:
            return self._checked(text, yaml.SafeLoader)

    def _checked(self, text: str, loader: _Loader) -> yaml.Node | None:
        self._check_events(text, loader)
        return yaml.compose(text, Loader=loader)

    def _check_events(self, text: str, loader: _Loader) -> None:
        """Refuses what makes a short file huge in memory or overflows the stack."""
        depth = 0
        for entries, event in enumerate(yaml.parse(text, Loader=loader)):
            line = event.start_mark.line + 1 if event.start_mark else 1
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise self._refuse(
                    line, "ссылки YAML (& и *) не допускаются; повторите запись целиком"
                )
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            if isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > DEEPEST:
                raise self._refuse(line, f"вложенность глубже {DEEPEST} уровней")
            if entries > MOST_ENTRIES:
                raise self._refuse(line, f"больше {MOST_ENTRIES} записей; дорожная карта короче")

    def _value(self, node: yaml.Node, at: Place) -> object:
        self.lines[at] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, at)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, (*at, n)) for n, item in enumerate(node.value)]
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, at: Place) -> dict[str, object]:
        found: dict[str, object] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.problems.append(self._at_line(line, "имя поля должно быть словом"))
                continue
            key = str(key_node.value)
            if _HALF_SIGN.search(key):
                self.problems.append(self._at_line(line, _HALF))
                continue
            if key in found:
                first = self.lines[(*at, key)]
                text = f"поле «{key}» указано второй раз, впервые в строке {first}"
                self.problems.append(self._at_line(line, text))
                continue
            found[key] = self._value(value_node, (*at, key))
            self.lines[(*at, key)] = line
        return found

    def _scalar(self, node: yaml.Node) -> object:
        text, kind = str(node.value), node.tag.rpartition(":")[2]
        line = node.start_mark.line + 1
        if kind not in _PLAIN:
            self.problems.append(self._at_line(line, f"метка «{node.tag}» не допускается"))
        elif _HALF_SIGN.search(text):
            self.problems.append(self._at_line(line, _HALF))
        else:
            return _plain(text, kind)
        return None


def _plain(text: str, kind: str) -> object:
    """The value of a scalar of this kind."""
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() in ("true", "yes", "on")
    if kind == "int" and text.lstrip("+-").isascii() and text.lstrip("+-").isdigit():
        # The limit keeps a number of a million figures from being worked on for minutes.
        return int(text) if len(text) <= _LONGEST_NUMBER else text
    return _float(text) if kind == "float" else text


_PLAIN = ("str", "null", "bool", "int", "float", "timestamp", "merge", "value")
_LONGEST_NUMBER = 18


_HALF = "знак, которого нет (половина пары \\u…)"
_HALF_SIGN = re.compile(r"[\ud800-\udfff]")


def _float(text: str) -> float | str:
    """The number, or the text itself where JSON has no such number (`.inf`)."""
    try:
        return float(text)
    except ValueError:
        return text


_CLOSED: Mapping[type[OSError], str] = {
    FileNotFoundError: "его нет",
    IsADirectoryError: "это каталог",
    PermissionError: "нет доступа",
}
_SYNTAX: Mapping[str, str] = {
    "cannot start any token": "знак, с которого ничего не начинается: текст с ним берите в "
    "кавычки, а отступы делайте пробелами, не табуляцией",
    "mapping values are not allowed": "двоеточие не на месте; текст с двоеточием берите в кавычки",
    "could not find expected ':'": "после имени поля ожидается двоеточие",
    "expected <block end>": "отступ не такой, как у соседних строк",
    "expected ',' or": "в скобках ожидается запятая или закрывающая скобка",
    "unexpected end of stream": "кавычка не закрыта",
    "but found another document": "в файле больше одного документа (---)",
    "escape": "после знака \\ стоит не то; текст с ним берите в одинарные кавычки",
    "directive": "строка с % в начале файла не нужна",
    "tag": "метки (!) не допускаются",
}


def _syntax(error: yaml.MarkedYAMLError) -> str:
    said = f"{error.context or ''} {error.problem or ''}".strip()
    known = (text for words, text in _SYNTAX.items() if words in said)
    return next(known, "запись не по правилам; ожидается «поле: значение» или список с «-»")


if __name__ == "__main__":
    sys.stdout.write(schema_text())
