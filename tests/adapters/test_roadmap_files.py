"""Roadmaps as YAML: each mistake with its file, its line and what is expected."""

from pathlib import Path

import pytest
import yaml

from adapters.roadmap_files import LARGEST, library, problems_of, read_roadmap
from domain.errors import BadRoadmap
from domain.kinds import KnownKind
from tests.roadmap_builders import KINDS as ALL_KINDS
from tests.roadmap_builders import a_roadmap, roadmap_values

ROADMAPS = Path(__file__).parents[2] / "roadmaps"

KINDS = {**ALL_KINDS, "order_pairs": KnownKind()}  # the order below gets no number

GOOD = """\
roadmap: small
version: 1
title: Малая дорожная карта
source: выдумано для проверок
season: {month: 9, months: 12}
curator: curator
roles:
  curator: {title: Куратор}
  director: {title: Директор}
  mentor: {title: Наставник, holder: mentor}
stages:
  - id: main
    title: Главный
steps:
  - id: "1.1"
    stage: main
    title: Запуск
    lead: curator
    deadline: {rule: month, month: 11}
    results:
      - id: site
        title: Сообщено на сайте
        by: {proof: link}
  - id: "1.2"
    stage: main
    title: Приказ
    lead: curator
    after: ["1.1"]
    deadline: {rule: all_year}
    results:
      - id: order
        title: Приказ о парах
        by:
          proof: document
          kind: order_pairs
          approver: director
          pairs_at: order
track:
  lead: mentor
  forms: {teacher_teacher: {title: педагог — педагог}}
  stages:
    - id: consents
      title: Согласия
      days: 14
      needs: {kind: consents}
    - id: order
      title: Приказ
      days: 14
      needs: {kind: order}
    - {id: law, title: П, days: 9, needs: {kind: package, director: director, registrar: curator}}
terms: {decide: 3}
"""


NO_LEVEL_BELOW = "дорожной карты «lower» рядом с этой нет"


def written(folder: Path, text: str, name: str = "map.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def said(path: Path) -> list[tuple[int, str]]:
    return [(problem.line, problem.text) for problem in problems_of(path, KINDS)]


# What it shows, a piece of the good file, what stands there instead, the line, words said.
SPOILT: list[tuple[str, str, str, int, str]] = [
    ("an unknown role", "lead: curator", "lead: wizard", 18, "неизвестная роль «wizard»; есть"),
    (
        "an unknown kind of document",
        "kind: order_pairs",
        "kind: order_pears",
        35,
        "неизвестный вид документа «order_pears»; есть: agreement",
    ),
    ("month 13", "month: 11", "month: 13", 19, "месяц 13: ожидается число от 1 до 12"),
    ("month 0 of the season", "{month: 9,", "{month: 0,", 5, "месяц 0: ожидается число от 1"),
    (
        "month 13 of a span",
        "{rule: month, month: 11}",
        "{rule: months, first: 11, last: 13}",
        19,
        "месяц 13: ожидается число от 1 до 12",
    ),
    (
        "a day that is not",
        "{rule: month, month: 11}",
        "{rule: date, on: {month: 2, day: 30}}",
        19,
        "в этом месяце нет такого дня",
    ),
    (
        "an unknown deadline",
        "rule: month,",
        "rule: mounth,",
        19,
        "правило срока «mounth»; возможно, «month»; известны: month, months, date, not_later",
    ),
    (
        "no rule of a deadline",
        "{rule: month, month: 11}",
        "{month: 11}",
        19,
        "нет поля «rule»; ожидается одно из: month, months, date",
    ),
    ("an unknown proof", "{proof: link}", "{proof: lnk}", 23, "«lnk»; возможно, «link»"),
    (
        "an unknown kind of stage",
        "{kind: order}",
        "{kind: ordr}",
        49,
        "вид этапа «ordr»; возможно, «order»",
    ),
    (
        "a circle of rows",
        "lead: curator\n    dead",
        'lead: curator\n    after: ["1.2"]\n    dead',
        19,
        "строки ждут друг друга по кругу: 1.1 → 1.2 → 1.1",
    ),
    ("an unknown field", "title: Запуск", "titel: Запуск", 17, "поле «titel»; возможно, «title»"),
    ("a field that is missing", "    title: Запуск\n", "", 15, "нет поля «title»"),
    (
        "an unknown field of a proof",
        "approver: director",
        "aprover: director",
        36,
        "поле «aprover»; возможно, «approver»; известны: proof, kind, drafter",
    ),
    (
        "an unknown field of a deadline",
        "{rule: month, month: 11}",
        "{rule: month, month: 11, late: 3}",
        19,
        "поле «late»; возможно, «late_days»",
    ),
    (
        "an unknown field of a stage of a pair",
        "{kind: order}",
        "{kind: order, wait: 3}",
        49,
        "поле «wait»; известны: kind",
    ),
    ("an unknown term", "{decide: 3}", "{decyde: 3}", 51, "поле «decyde»; возможно, «decide»"),
    ("a doubled row", 'id: "1.2"', 'id: "1.1"', 24, "«1.1» встречается второй раз"),
    (
        "a doubled field",
        "    title: Запуск\n",
        "    title: Запуск\n    title: Старт\n",
        18,
        "поле «title» указано второй раз, впервые в строке 17",
    ),
    (
        "a row without result",
        (
            "    results:\n      - id: site\n        title: Сообщено на сайте\n"
            "        by: {proof: link}\n"
        ),
        "    results: []\n",
        20,
        "пусто; ожидается хотя бы одна запись",
    ),
    (
        "a row without the field of results",
        (
            "    results:\n      - id: site\n        title: Сообщено на сайте\n"
            "        by: {proof: link}\n"
        ),
        "",
        15,
        "нет поля «results»",
    ),
    ("a number for a text", 'id: "1.1"', "id: 1.1", 15, "ожидается текст в кавычках"),
    ("a text for a number", "version: 1", 'version: "1"', 2, "ожидается целое число"),
    ("a fraction", "version: 1", "version: 1.5", 2, "ожидается целое число"),
    ("a word for a number", "days: 14", "days: две недели", 44, "ожидается целое число"),
    ("too small a number", "version: 1", "version: 0", 2, "0: ожидается число не меньше 1"),
    (
        "a list for a word",
        "lead: curator",
        "lead: [curator]",
        18,
        "ожидается текст",
    ),
    ("a word for a list", '["1.1"]', "запуск", 28, "ожидается список"),
    ("a word for a record", "{proof: link}", "link", 23, "ожидается запись с полями"),
    (
        "an unknown form",
        "{teacher_teacher:",
        "{teacher_parent:",
        40,
        "«teacher_parent»: ожидается teacher_teacher, teacher_student",
    ),
    ("a name in Cyrillic", "roadmap: small", "roadmap: малая", 1, "ожидается имя из латинских"),
    ("a row before that is no number", '["1.1"]', "[запуск]", 28, "ожидается номер строки"),
    (
        "a curator of the pair",
        "curator: {title: Куратор}",
        "curator: {title: Куратор, holder: mentor}",
        1,
        "роль куратора должна быть у человека",
    ),
    ("an alias", "curator: curator", "curator: &a curator", 6, "ссылки YAML (& и *) не доп"),
    ("a tag", "version: 1", "version: !!python/none 1", 2, "метка «tag:yaml.org,2002:python/none»"),
    ("a tabulator", "    stage: main", "\tstage: main", 16, "пробелами, не табуляцией"),
    ("a colon too many", "title: Запуск", "title: Запуск: год", 17, "двоеточие не на месте"),
    ("a quote too few", '["1.1"]', '["1.1]', 28, "кавычка не закрыта"),
    ("a second document", "terms: {decide: 3}", "---\nterms: {}", 51, "больше одного документа"),
    ("a control sign", "title: Запуск", "title: За\x01пуск", 17, "непечатный знак"),
]


@pytest.mark.parametrize(
    ("piece", "instead", "line", "words"),
    [case[1:] for case in SPOILT],
    ids=[case[0] for case in SPOILT],
)
def test_a_mistake_is_named_with_its_line(
    tmp_path: Path, piece: str, instead: str, line: int, words: str
) -> None:
    assert piece in GOOD
    found = said(written(tmp_path, GOOD.replace(piece, instead, 1)))
    assert [text for at, text in found if at == line and words in text], found


def test_the_good_file_is_read_as_it_stands(tmp_path: Path) -> None:
    roadmap = read_roadmap(written(tmp_path, GOOD), KINDS)
    assert (roadmap.roadmap, len(roadmap.steps), roadmap.terms.decide) == ("small", 2, 3)
    assert problems_of(written(tmp_path, GOOD), KINDS) == ()


def test_what_a_program_wrote_is_read_back(tmp_path: Path) -> None:
    text = yaml.safe_dump(roadmap_values(), allow_unicode=True, sort_keys=False).replace(
        "&id001 ", ""
    )
    assert read_roadmap(written(tmp_path, text), ALL_KINDS) == a_roadmap()


def test_all_mistakes_are_named_at_once_in_the_order_of_lines(tmp_path: Path) -> None:
    text = GOOD.replace("version: 1", "version: 0").replace("rule: month,", "rule: x,")
    path = written(
        tmp_path, text.replace("teacher_teacher", "pupil").replace("days: 14", "days: 0")
    )
    lines = [line for line, _ in said(path)]
    assert lines == [2, 19, 40, 44, 48]


def test_a_refusal_names_file_line_and_mistake(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD.replace("lead: curator", "lead: wizard"))
    with pytest.raises(BadRoadmap) as refusal:
        read_roadmap(path, KINDS)
    first, second = str(refusal.value).splitlines()
    assert first.startswith(f"{path}:18: неизвестная роль «wizard»; есть роли: curator")
    assert second.startswith(f"{path}:27: ")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "нет дорожной карты"),
        (b"- 1\n", "нет дорожной карты"),
        ("имя: é".encode("cp1251", "replace"), "UTF-8"),
        (b"a: " + b"[" * 1000, "вложенность глубже"),
        (b"a: " + b"1" * LARGEST, "файл больше"),
        (b"a: [" + b"1," * 60_000, "больше 50000 записей"),
        (b"version: " + b"9" * 100_000, "ожидается целое число"),
        (b"? [a]\n: 1\n", "имя поля должно быть словом"),
        (b"<<: {a: 1}\n", "поле «<<»"),
        ("roadmap: x".encode("utf-16"), "сохраните файл заново в UTF-8"),
        (b"\0\0\0", "непечатный знак"),
        (b'a: "\\ud800"\n', "знак, которого нет"),
        (b'"\\ud800": a\n', "знак, которого нет"),
        (b'a: "\\q"\n', "одинарные кавычки"),
        (b"%YAML 9\n---\na: 1\n", "строка с % в начале"),
        (b"a: @x\n", "берите в кавычки"),
        (b"a: !<> x\n", "метки (!) не допускаются"),
        (b"a: -\n", "ожидается «поле: значение»"),
    ],
)
def test_a_file_that_is_no_roadmap_is_refused(tmp_path: Path, body: bytes, words: str) -> None:
    path = tmp_path / "map.yaml"
    path.write_bytes(body)
    assert any(words in text for _, text in said(path)), said(path)


def test_a_bomb_of_aliases_is_refused_before_it_is_built(tmp_path: Path) -> None:
    levels = [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 9)]
    path = written(tmp_path, "\n".join(["a0: &a0 [x]", *levels]))
    assert said(path) == [(1, "ссылки YAML (& и *) не допускаются; повторите запись целиком")]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "nowhere.yaml"
    with pytest.raises(BadRoadmap, match=r"nowhere\.yaml:1: файл не открывается: его нет"):
        read_roadmap(path, KINDS)


def test_a_mark_of_the_order_of_bytes_and_ends_of_lines_of_windows_do_no_harm(
    tmp_path: Path,
) -> None:
    path = tmp_path / "map.yaml"
    path.write_bytes(GOOD.replace("\n", "\r\n").encode("utf-8-sig"))
    assert said(path) == []


def test_a_folder_is_named_as_one(tmp_path: Path) -> None:
    assert said(tmp_path) == [(1, "файл не открывается: это каталог")]


def test_the_level_below_is_looked_for_beside_the_file(tmp_path: Path) -> None:
    path = written(tmp_path, f"{GOOD}below: {{roadmap: lower}}\n")
    assert said(path) == [(path.read_text("utf-8").count("\n"), NO_LEVEL_BELOW)]
    written(tmp_path, "не карта", "lower.yaml")
    assert [words for _, words in said(path)] == [NO_LEVEL_BELOW]
    written(tmp_path, GOOD.replace("roadmap: small", "roadmap: lower", 1), "lower.yaml")
    assert said(path) == []


def test_the_library_lists_the_roadmaps_of_a_folder(tmp_path: Path) -> None:
    later = GOOD.replace("roadmap: small", "roadmap: another").replace("version: 1", "version: 2")
    second = written(tmp_path, GOOD, "b.yaml")
    first = written(tmp_path, later, "a.yaml")
    written(tmp_path, "не карта", "notes.txt")
    found = library(tmp_path)
    assert [(one.name, one.version, one.rows, one.path) for one in found] == [
        ("another", 2, 2, first),
        ("small", 1, 2, second),
    ]
    assert (found[0].title, found[0].level) == ("Малая дорожная карта", "organisation")


def test_the_library_names_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    written(tmp_path, GOOD.replace("version: 1", "version: 0"), "bad.yaml")
    with pytest.raises(BadRoadmap, match=r"bad\.yaml:2: "):
        library(tmp_path)


def test_an_unknown_measure_is_told_with_its_line_and_those_like_it(tmp_path: Path) -> None:
    lines = [
        "indicators:",
        "  - title: Задача",
        "    indicators:",
        '      - {id: "1.1", title: Пары, measure: pair_completed, plan: {1: 5, 2: 7.5}}',
    ]
    path = tmp_path / "small.yaml"
    path.write_text(GOOD + "\n".join(lines), encoding="utf-8")
    (found,) = problems_of(path, KINDS)
    assert found.line == GOOD.count("\n") + 4
    assert "подсчёт «pair_completed»; возможно, pairs_completed" in found.text
    path.write_text(path.read_text("utf-8").replace("pair_completed", "pairs_completed"), "utf-8")
    (found,) = problems_of(path, KINDS)
    assert "план на 2-й год, а лет у программы 1" in found.text


def parsed(path: Path, loader: type[yaml.CSafeLoader] | type[yaml.SafeLoader]) -> list[object]:
    """Each value of a file with its kind and its line, in their order."""
    whole = yaml.compose(path.read_text("utf-8"), Loader=loader)
    assert whole is not None
    waiting, found = [whole], list[object]()
    while waiting:
        node = waiting.pop()
        many = isinstance(node, yaml.CollectionNode)
        found.append((node.tag, node.start_mark.line, None if many else node.value))
        for inner in node.value if many else ():
            waiting.extend(inner if isinstance(inner, tuple) else (inner,))
    return found


@pytest.mark.parametrize("path", sorted(ROADMAPS.glob("*.yaml")), ids=lambda path: path.stem)
def test_both_parsers_find_the_same_on_the_same_lines(path: Path) -> None:
    assert parsed(path, yaml.CSafeLoader) == parsed(path, yaml.SafeLoader)
