"""The commands of daily work against the real service: they do what the pages do, or say why."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from runtime.ports import free_port
from runtime.processes import wait_until
from runtime.shipped import ROADMAPS
from tests.adapters.world import a_roadmap
from tests.e2e.program import Ended, beside, run

NOWHERE = "0" * 16
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ORGANISATION = (
    *("--name", "Школа № 1", "--short-name", "СОШ № 1", "--address", "г. Заречинск"),
    *("--inn", "0012345674", "--city", "г. Заречинск", "--time-zone", "Asia/Omsk"),
)


@dataclass(frozen=True)
class Office:
    """The service, and those who work with it."""

    url: str
    tokens: dict[str, str]
    cycle_id: str
    pair_id: str
    home: Path
    organisation: str
    holders: dict[str, str]

    def run(self, role: str, *words: str) -> Ended:
        """A command as somebody with this role types it."""
        return run(*words, NASTAVNIK_URL=self.url, NASTAVNIK_TOKEN=self.tokens[role])

    def json(self, role: str, *words: str) -> dict[str, Any]:
        ended = self.run(role, *words, "--json")
        assert ended.code == 0, ended
        return ended.json

    def decision(self) -> dict[str, Any]:
        """What the director is to decide."""
        found: list[dict[str, Any]] = []

        def look() -> bool:
            tasks = self.asked("director", "GET", "/inbox")["tasks"]
            found[:] = [task for task in tasks if task["kind"] == "decide"]
            return bool(found)

        assert wait_until(look, 300), self.asked("curator", "GET", "/inbox")
        return found[0]

    def asked(self, role: str, method: str, path: str, **body: Any) -> dict[str, Any]:  # noqa: ANN401
        """What the API answers to somebody with this role."""
        headers = {"Authorization": f"Bearer {self.tokens[role]}", "Idempotency-Key": path}
        url = f"{self.url}/api/v1{path}"
        answer = httpx.request(method, url, headers=headers, json=body or None, timeout=60)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A school whose cycle was launched today: its order waits for the director."""
    folder = tmp_path_factory.mktemp("work")
    (folder / "roadmaps").mkdir()
    (folder / "roadmaps" / "small.yaml").write_text(a_small_roadmap(), "utf-8")
    (folder / "roadmaps" / "second.yaml").write_text(a_small_roadmap("second"), "utf-8")
    home, port = folder / "home", free_port()
    with beside(home, "up", "--port", port, NASTAVNIK_ROADMAPS=str(folder / "roadmaps")) as up:
        up.await_line("Служба: готова")
        made = run("add", "organisation", *ORGANISATION, "--home", home, "--json").json
        url = f"http://127.0.0.1:{port}"
        with httpx.Client(base_url=f"{url}/api/v1", timeout=60) as http:
            yield _opened(http, url, home, made["organisation"], made["token"])


def a_small_roadmap(name: str = "small") -> str:
    """One order, one count, and a track that no order opens; JSON is YAML too."""
    road = {**a_roadmap().model_dump(mode="json"), "roadmap": name}
    stages = road["track"]["stages"]
    road["track"]["stages"] = [stage for stage in stages if stage["id"] != "order"]
    return json.dumps(road, ensure_ascii=False)


def _opened(
    http: httpx.Client, url: str, home: Path, organisation: str, administrator: str
) -> Office:
    def post(path: str, token: str, **content: Any) -> dict[str, Any]:  # noqa: ANN401
        kind = {"Content-Type": XLSX} if "content" in content else {}
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": path, **kind}
        answer = http.post(path, headers=headers, **content)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found

    sheet = (ROADMAPS / "people" / "polytech.xlsx").read_bytes()
    post("/people/import", administrator, content=sheet)
    own = {"Authorization": f"Bearer {administrator}"}
    listed = http.get("/people", headers=own).json()
    people = {one["code"]: one["id"] for one in listed["people"]}
    bodies = http.get("/bodies", headers=own).json()
    tokens = {"administrator": administrator}
    for role in ("director", "curator"):
        words = ("add", "user", organisation, "--role", role, "--person", role, "--home", home)
        tokens[role] = run(*words, "--json").json["token"]
    holders = {"director": people["director"], "curator": people["curator"]}
    launch = {
        "roadmap": "small",
        "start": datetime.now(UTC).date().isoformat(),
        "holders": {**holders, "council": bodies["bodies"][0]["id"]},
    }
    cycle = post("/cycles", administrator, json=launch)["cycle_id"]
    path = f"/cycles/{cycle}"
    assert wait_until(lambda: http.get(path, headers=own).json()["stage"] == "running", 300)
    pair = {"mentor_id": people["t01"], "mentee_id": people["y01"], "form": "teacher_teacher"}
    post(f"/cycles/{cycle}/pairs", tokens["curator"], json={"pairs": [pair]})
    register = http.get(f"{path}/register", headers=own).json()
    pair_id = register["pairs"][0]["pair_id"]
    held = launch["holders"]
    assert isinstance(held, dict)
    return Office(url, tokens, cycle, pair_id, home, organisation, held)


def test_an_order_is_returned_and_approved_as_the_inbox_names_it(office: Office) -> None:
    task = office.decision()
    document = task["refs"]["document"]
    listed = office.run("director", "inbox")
    assert document in listed.out
    assert "Утвердить или вернуть: Приказ" in listed.out
    said = office.run("director", "return", document, "--remark", "Укажите срок.")
    assert said.code == 0, said
    assert said.out.startswith("Возвращено с замечанием: Приказ")
    assert "Документ возвращён с замечанием: ждём от" in said.out
    again = office.run("director", "approve", document, "--json")
    assert (again.code, again.json["error"]) == (1, "WrongState")
    assert again.json["detail"] == f"{document}: сейчас это действие недоступно."
    office.asked("curator", "POST", f"/documents/{document}/redraft", version=1)
    second = office.decision()["refs"]["document"]
    stale = office.run("director", "approve", second, "--version", "1", "--json")
    assert (stale.code, stale.json["error"]) == (1, "StaleVersion"), stale
    approved = office.json("director", "approve", second, "--version", "2")
    assert approved["revision"] > 0
    assert approved["document"]["version"] == 2


def test_a_pair_is_shown_with_what_it_waits_for_and_its_timeline(office: Office) -> None:
    found = office.json("curator", "pair", "show", office.pair_id)
    assert found["pair"]["pair_id"] == office.pair_id
    assert "pair_formed" in {line["action"] for line in found["timeline"]}
    shown = office.run("curator", "pair", "show", office.pair_id)
    assert shown.code == 0, shown
    assert found["pair"]["mentor"]["name"] in shown.out
    assert "→ Согласия" in shown.out
    assert "Пара образована" in shown.out


def test_what_is_waited_for_is_said_of_all_cycles_and_of_one_thing(office: Office) -> None:
    every = office.json("curator", "waiting")["waiting"]
    assert [(one["of"], one["workflow_id"]) for one in every] == [
        ("cycle", f"cycle/{office.cycle_id}")
    ]
    own = office.json("curator", "waiting", office.cycle_id)["waiting"]
    assert [one["of"] for one in own] == ["cycle", "row", "row"]
    assert all(one["waiting"].endswith(".") for one in own)
    pair = office.run("curator", "waiting", office.pair_id)
    assert pair.code == 0, pair
    assert "Согласие" in pair.out


def test_a_launch_is_previewed_for_an_organisation_with_what_it_misses(office: Office) -> None:
    asked = ("roadmap", "preview", "second", "--start", "2027-09-01", "--for", office.organisation)
    words = (*asked, "--home", str(office.home))
    held = [word for role, one in office.holders.items() for word in ("--holder", f"{role}:{one}")]
    bare = run(*words, "--json", NASTAVNIK_ROADMAPS=str(office.home.parent / "roadmaps"))
    assert bare.code == 1, bare
    assert {one["what"] for one in bare.json["missing"]} >= {"role_unmapped"}
    assert bare.json["items"], "what the launch would ask stands where it stood"
    told = run(*words, *held, NASTAVNIK_ROADMAPS=str(office.home.parent / "roadmaps"))
    assert "никому не дана" not in told.out
    assert "Приказ о внедрении" in told.out


def test_a_year_is_launched_by_a_standing_order_that_may_be_ended(office: Office) -> None:
    held = [word for role, one in office.holders.items() for word in ("--holder", f"{role}:{one}")]
    order = office.json("administrator", "yearly", "order", "second", *held)
    assert (order["state"], order["outcome"]) == ("active", None)

    launched = office.json("administrator", "yearly", "launch", order["order_id"])
    assert launched["outcome"] == "launched", launched
    again = office.json("administrator", "yearly", "launch", order["order_id"])
    assert again["cycle_id"] == launched["cycle_id"]
    path = f"/cycles/{launched['cycle_id']}"
    assert wait_until(lambda: office.asked("administrator", "GET", path)["stage"] == "running", 300)
    refused = office.run("administrator", "yearly", "order", "second", *held, "--json")
    assert (refused.code, refused.json["error"]) == (1, "WrongState")
    listed = office.run("curator", "yearly", "list")
    assert listed.out.count("запущена") == 1
    assert order["order_id"] in listed.out
    assert office.json("administrator", "yearly", "end", order["order_id"])["state"] == "ended"


@pytest.mark.parametrize(
    ("words", "code", "error", "told"),
    [
        (("yearly", "order", "second", "--holder", "director"), 2, "WrongCall", "РОЛЬ:КОД"),
        (("approve", NOWHERE), 1, "NotFound", f"{NOWHERE}: не найдено."),
        (("pair", "show", NOWHERE), 1, "NotFound", f"{NOWHERE}: не найдено."),
        (("waiting", NOWHERE), 1, "NotFound", f"{NOWHERE}: не найдено."),
        (("approve", "order"), 2, "WrongCall", "order: ожидается код из 16 знаков"),
        (("return", NOWHERE), 2, "WrongCall", "--remark"),
        (("return", NOWHERE, "--remark", " "), 2, "WrongCall", "напишите, что исправить"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    office: Office, words: tuple[str, ...], code: int, error: str, told: str
) -> None:
    ended = office.run("director", *words, "--json")
    assert (ended.code, ended.json["ok"], ended.json["error"]) == (code, False, error)
    assert told in ended.json["detail"]
    assert told in ended.err


def test_a_token_that_is_not_known_opens_nothing(office: Office, tmp_path: Path) -> None:
    stranger = run("inbox", "--json", NASTAVNIK_URL=office.url, NASTAVNIK_TOKEN="nobody's")
    assert (stranger.code, stranger.json["error"]) == (1, "Unauthorized")
    assert "Ключ доступа не подходит" in stranger.err
    (tmp_path / "token").write_text(office.tokens["director"])
    file = str(tmp_path / "token")
    named = run("inbox", "--json", NASTAVNIK_URL=office.url, NASTAVNIK_TOKEN_FILE=file)
    assert named.code == 0


def test_without_a_token_or_a_service_it_is_said_what_to_do() -> None:
    bare = run("inbox", "--json")
    assert (bare.code, bare.json["error"]) == (2, "WrongCall")
    assert "NASTAVNIK_TOKEN" in bare.err
    nobody = f"http://127.0.0.1:{free_port()}"
    away = run("inbox", "--json", NASTAVNIK_URL=nobody, NASTAVNIK_TOKEN="somebody's")
    assert (away.code, away.json["error"]) == (1, "ServerFailed")
    assert "Служба не отвечает" in away.err
    wrong = run("inbox", "--json", NASTAVNIK_URL="school", NASTAVNIK_TOKEN="somebody's")
    assert (wrong.code, wrong.json["error"]) == (2, "BadSettings")
    assert "NASTAVNIK_URL: ожидается адрес вида https://узел:порт" in wrong.err
