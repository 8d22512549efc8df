"""The command line: JSON alone on standard output, the codes 0, 1 and 2, and clear refusals."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from runtime.cli import app
from runtime.shipped import ROADMAPS
from tests.adapters.gost import needed
from tests.adapters.signing import holder
from tests.e2e.program import run, run_anew

COMMANDS = (
    *("up", "rehearse", "render", "verify", "check", "doctor"),
    *(
        "roadmap list",
        "roadmap check",
        "roadmap preview",
        "roadmap import",
        "names",
        "docx lint",
        "docx pdf",
    ),
    *("template fields", "template check", "template preview", "template diff"),
    *("export pair", "export cycle"),
    *("add organisation", "add user", "add password", "grounds list"),
    *("organisations add", "organisations list", "organisations import", "organisations place"),
    *("inbox", "approve", "return", "waiting", "pair show"),
    *("yearly list", "yearly order", "yearly pause", "yearly resume", "yearly end"),
    "yearly launch",
    *("log checkpoint", "log proof", "log witness", "log cosigned", "log check"),
)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "roadmap",
        "export",
        "docx",
        "template",
        "add",
        "log",
        "organisations",
        "pair",
        "yearly",
        *COMMANDS,
    ],
)
def test_every_command_and_group_answers_help_in_russian(words: str) -> None:
    shown = CliRunner().invoke(app, [*words.split(), "--help"], prog_name="nastavnik")
    assert shown.exit_code == 0
    assert f"Usage: nastavnik {words}".rstrip() in shown.output
    assert any("а" <= letter <= "я" for letter in shown.output)
    assert ("--json" in shown.output) == (words in COMMANDS)


def test_a_program_of_the_name_is_installed() -> None:
    ended = run_anew("-h")
    assert (ended.code, ended.err) == (0, "")
    assert "Usage: nastavnik" in ended.out


def test_without_a_command_all_commands_are_listed() -> None:
    ended = run_anew()
    assert ended.code == 2
    assert all(words.split()[0] in ended.out + ended.err for words in COMMANDS)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("verify --json", "path"),
        ("nosuch --json", "nosuch"),
        ("export pair p1 --json", "--out"),
        ("roadmap list --json --nosuch", "--nosuch"),
        ("rehearse polytech --pairs 0 --json", "--pairs"),
        ("up --port many --json", "--port"),
    ],
)
def test_a_call_that_is_not_understood_is_json_too(words: str, named: str) -> None:
    ended = run_anew(*words.split())
    assert ended.code == 2
    assert (ended.json["ok"], ended.json["error"]) == (False, "WrongCall")
    assert named in ended.json["detail"]
    assert named in ended.err


def test_a_call_that_is_not_understood_says_nothing_on_standard_output() -> None:
    ended = run("roadmap", "nosuch")
    assert (ended.code, ended.out) == (2, "")
    assert "nosuch" in ended.err


@pytest.mark.parametrize("words", ["doctor", "up", "check --all", "rehearse polytech"])
def test_an_unknown_variable_of_ours_is_named(words: str, tmp_path: Path) -> None:
    ended = run_anew(*words.split(), "--json", NASTAVNIK_HOM=str(tmp_path))
    assert (ended.code, ended.json["error"]) == (2, "BadSettings")
    assert "NASTAVNIK_HOM: такой переменной нет; ближайшая: NASTAVNIK_HOME" in ended.err


# Roadmaps


def test_the_library_of_roadmaps_is_listed() -> None:
    ended = run_anew("roadmap", "list", "--json")
    assert ended.code == 0
    found = {one["name"]: one for one in ended.json["roadmaps"]}
    assert found["polytech"]["rows"] == 15
    assert found["polytech"]["title"] == "Целевая модель наставничества"
    assert "polytech" in run("roadmap", "list").out


def test_a_roadmap_of_the_library_has_no_mistakes() -> None:
    ended = run_anew("roadmap", "check", ROADMAPS / "polytech.yaml", "--json")
    assert (ended.code, ended.json) == (0, {"problems": []})
    assert run("roadmap", "check", ROADMAPS / "polytech.yaml").out == "Ошибок нет.\n"


@pytest.mark.parametrize(
    ("given", "instead", "named"),
    [
        ("lead: deputy_education", "lead: deputy_educaton", "deputy_educaton"),
        ("kind: order_introduction", "kind: order_introducton", "order_introducton"),
        ("{rule: months, first: 8, last: 9}", "{rule: months, first: 13, last: 9}", "12"),
    ],
)
def test_a_mistake_in_a_roadmap_is_told_with_file_and_line(
    given: str, instead: str, named: str, tmp_path: Path
) -> None:
    text = (ROADMAPS / "polytech.yaml").read_text("utf-8")
    assert given in text
    line = text[: text.index(given)].count("\n") + 1
    file = tmp_path / "with a mistake.yaml"
    file.write_text(text.replace(given, instead, 1), "utf-8")
    ended = run("roadmap", "check", ROADMAPS / "polytech.yaml", file, "--json")
    assert ended.code == 1
    [problem] = ended.json["problems"]
    assert (problem["file"], problem["line"]) == (str(file), line)
    assert named in problem["text"]
    assert f"{file}:{line}: " in run("roadmap", "check", file).out


def test_a_file_that_is_no_yaml_is_told_with_file_and_line(tmp_path: Path) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text("roadmap: x\ntitle: [a,\n", "utf-8")
    ended = run("roadmap", "check", file, "--json")
    assert ended.code == 1
    assert ended.json["problems"][0]["file"] == str(file)
    assert ended.json["problems"][0]["line"] >= 2


def test_a_preview_tells_every_row_and_starts_nothing(tmp_path: Path) -> None:
    home = {"NASTAVNIK_HOME": str(tmp_path / "home")}
    words = ("roadmap", "preview", "polytech", "--start", "2026-08-01")
    ended = run_anew(*words, "--json", **home)
    assert ended.code == 0, ended
    rows = {one["name"]: one["rows"] for one in run("roadmap", "list", "--json").json["roadmaps"]}
    first = [item for item in ended.json["items"] if item["turn"] == 1]
    assert len({item["step"] for item in first}) == rows["polytech"]
    assert [item["opens"] for item in first] == sorted(item["opens"] for item in first)
    page = run(*words, **home)
    assert (page.code, page.err) == (0, "")
    assert all(item["id"] in page.out for item in first)
    assert max(map(len, page.out.splitlines())) <= 100
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ("polytech --start завтра", 2, "--start завтра: ожидается дата вида 2026-09-01"),
        ("nosuch --start 2026-09-01", 2, "Нет дорожной карты «nosuch». Есть: "),
        ("gone.yaml --start 2026-09-01", 2, "gone.yaml: нет такого файла или каталога"),
        ("LICENSE.yaml --start 2026-09-01", 2, "LICENSE.yaml: нет такого файла"),
        ("polytech", 2, "--start"),
    ],
)
def test_a_preview_that_cannot_be_says_why(words: str, code: int, told: str) -> None:
    ended = run("roadmap", "preview", *words.split(), "--json")
    assert ended.code == code
    assert told in ended.json["detail"]


def test_a_preview_of_a_broken_file_names_its_line(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text("roadmap: own\nversion: 0\n", "utf-8")
    ended = run("roadmap", "preview", file, "--start", "2026-09-01", "--json")
    assert (ended.code, ended.json["error"]) == (1, "BadRoadmap")
    assert f"{file}:2: 0: ожидается число не меньше 1" in ended.err


# Names


def test_a_name_is_declined_for_programs_and_for_people() -> None:
    words = ("names", "Орлова Анна Ильинична", "--gender", "f", "--case", "datv")
    assert run_anew(*words, "--json").json == {"name": "Орловой Анне Ильиничне", "sure": True}
    assert run(*words).out == "Орловой Анне Ильиничне\n"


def test_a_table_of_names_is_declined(tmp_path: Path) -> None:
    file = tmp_path / "names.tsv"
    file.write_text("Орлова Анна\tf\tgent\nКобец Илья\tm\tgent\n", "utf-8")
    ended = run("names", "--file", file, "--json")
    assert [one["sure"] for one in ended.json["names"]] == [True, False]
    assert ended.json["names"][0]["name"] == "Орловой Анны"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("Орлова Анна", "--case", "datv"), "--gender"),
        ((), "--gender"),
        (("Орлова Анна", "--gender", "x", "--case", "datv"), "пол «x»: ожидается m или f"),
        (("Орлова Анна", "--gender", "f", "--case", "x"), "падеж «x»: ожидается одно из"),
        (("--file", "gone.tsv"), "gone.tsv: нет такого файла или каталога"),
    ],
)
def test_a_name_that_cannot_be_declined_says_why(words: tuple[str, ...], told: str) -> None:
    ended = run("names", *words, "--json")
    assert ended.code == 2
    assert told in ended.json["detail"]


# Homes


@pytest.mark.parametrize(
    "words", ["check --all", "export pair p1 -o out.zip", "verify LICENSE", "add user o --role x"]
)
def test_a_home_without_data_is_a_wrong_call_and_stays_unmade(words: str, tmp_path: Path) -> None:
    ended = run_anew(*words.split(), "--home", tmp_path / "home", "--json")
    assert (ended.code, ended.json["error"]) == (2, "WrongCall")
    assert f"В каталоге {tmp_path / 'home'} нет данных" in ended.err
    assert list(tmp_path.iterdir()) == []


def test_a_doctor_says_that_copies_need_libreoffice_and_the_rest_does_not(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "soffice")
    ended = run("doctor", "--home", tmp_path / "home", "--json", NASTAVNIK_PDF_PROGRAM=nowhere)
    [found] = [one for one in ended.json["checks"] if one["id"] == "pdf"]
    assert found["state"] == "notice"
    assert "остальное работает" in found["text"]


@pytest.mark.parametrize(
    ("address", "state", "words"),
    [("", "notice", "не проверено"), ("127.0.0.1:1", "failure", "не отвечает")],
)
def test_a_doctor_says_whether_files_are_looked_at_for_viruses(
    tmp_path: Path, address: str, state: str, words: str
) -> None:
    home = tmp_path / "home"
    ended = run("doctor", "--home", home, "--json", NASTAVNIK_CLAMAV_ADDRESS=address)
    [found] = [one for one in ended.json["checks"] if one["id"] == "antivirus"]
    assert found["state"] == state
    assert words in found["text"]


def test_a_doctor_says_whose_signatures_are_trusted(tmp_path: Path) -> None:
    folder = tmp_path / "authorities"
    folder.mkdir()

    def told(**variables: str) -> tuple[str, str]:
        ended = run("doctor", "--home", tmp_path / "home", "--json", **variables)
        [found] = [one for one in ended.json["checks"] if one["id"] == "authorities"]
        return found["state"], found["text"]

    named = {"NASTAVNIK_AUTHORITIES": str(folder)}
    assert told() == ("notice", "список не задан: электронные подписи не принимаются")
    assert told(**named)[0] == "notice"
    (folder / "root.cer").write_bytes(holder("Корневой центр", authority=True).der)
    assert told(**named) == ("ok", f"{folder}: сертификатов 1, списков отозванных 0")
    (folder / "broken.cer").write_bytes(b"no certificate")
    state, words = told(**named)
    assert state == "failure"
    assert "broken.cer: это не сертификат" in words


@pytest.mark.parametrize("there", [True, False])
def test_a_doctor_says_whether_signatures_by_gost_are_checked(
    tmp_path: Path, *, there: bool
) -> None:
    if there:
        needed()
    variables = {} if there else {"OPENSSL_ENGINES": str(tmp_path)}
    ended = run("doctor", "--home", tmp_path / "home", "--json", **variables)
    [found] = [one for one in ended.json["checks"] if one["id"] == "gost"]
    assert found["state"] == ("ok" if there else "notice"), found
    assert "ГОСТ" in found["text"]


def test_a_doctor_without_a_home_finds_it_wanting(tmp_path: Path) -> None:
    ended = run("doctor", "--home", tmp_path / "home", "--json")
    assert (ended.code, ended.json["ok"]) == (1, False)
    optional = {"pdf", "antivirus", "authorities", "gost", "backup"}
    store = [one for one in ended.json["checks"] if one["id"] not in optional]
    assert {one["state"] for one in store} == {"ok", "failure"}
    assert list(tmp_path.iterdir()) == []


def test_a_check_must_say_of_what(tmp_path: Path) -> None:
    ended = run("check", "--home", tmp_path, "--json")
    assert (ended.code, ended.json["error"]) == (2, "WrongCall")
    assert "--all" in ended.err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("nosuch", "Нет дорожной карты «nosuch». Есть: "),
        ("polytech --pairs 999", "уменьшите --pairs"),
    ],
)
def test_a_rehearsal_that_cannot_be_is_refused_before_anything_starts(
    words: str, told: str, tmp_path: Path
) -> None:
    ended = run("rehearse", *words.split(), "--home", tmp_path / "home", "--json")
    assert (ended.code, ended.json["error"]) == (2, "WrongCall")
    assert told in ended.err
    assert list(tmp_path.iterdir()) == []


def test_no_rehearsal_among_real_papers(tmp_path: Path) -> None:
    # As `nastavnik up` leaves it.
    home = tmp_path / "home"
    (home / "postgres" / "data").mkdir(parents=True)
    (home / "keys").mkdir()
    ended = run("rehearse", "polytech", "--home", home, "--json")
    assert (ended.code, ended.json["error"]) == (2, "NotARehearsal")
    assert f"В каталоге {home} настоящие документы" in ended.err
    assert not (home / "rehearsal.txt").exists()
    assert not any((home / "postgres" / "data").iterdir())


def test_no_rehearsal_on_servers_of_which_only_some_are_named(tmp_path: Path) -> None:
    ended = run(
        *("rehearse", "polytech", "--home", tmp_path / "home", "--json"),
        NASTAVNIK_TEMPORAL_ADDRESS="127.0.0.1:7233",
    )
    assert (ended.code, ended.json["error"]) == (2, "WrongCall")
    assert "NASTAVNIK_TEMPORAL_ADDRESS" in ended.err
    assert list(tmp_path.iterdir()) == []
