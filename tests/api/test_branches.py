"""Organisations below, their invitations and reports: what a request becomes."""

from datetime import date
from typing import Any

import pytest

from domain import ids
from domain.branch_wishes import MOST, AnswerReports, EnterReport, Excuse, Invite, ReleaseBranch
from domain.errors import BadSpreadsheet
from domain.evidence import ReportSent
from domain.organisations import Level
from domain.people import AccessRole
from domain.upper import SendReport, Upper
from tests.api.calls import CALLS, CANARY, CYCLE, DIRECTOR, OURS
from tests.api.house import House
from tests.api.nested import BELOW_CODE, FIGURES, UPPER, an_organisation, below_id
from tests.fakes.branches import BELOW_ROADMAP, an_invitation

ADMINISTRATOR = AccessRole.ADMINISTRATOR


@pytest.mark.parametrize(
    ("name", "kind", "fields"),
    [
        ("branches.invite", Invite, {"below_ids": (below_id(OURS),)}),
        (
            "branches.accept",
            AnswerReports,
            {"demand": "yearly", "turn": 1, "branches": (1, 2), "accepted": True},
        ),
        ("branches.give_back", AnswerReports, {"branches": (1,), "accepted": False}),
        ("branches.excuse", Excuse, {"n": 1, "demand": "yearly", "turn": 1}),
        ("branches.release", ReleaseBranch, {"n": 1}),
        ("branches.enter", EnterReport, {"n": 1, "demand": "yearly", "version": 1}),
        ("branches.upload", EnterReport, {"n": 1, "demand": "yearly", "version": 1}),
        ("cycles.send_report", SendReport, {"item": "1.1#2", "result": "report"}),
    ],
)
async def test_a_wish_goes_to_the_cycle_without_words(
    house: House, name: str, kind: type, fields: dict[str, Any]
) -> None:
    answer = await house.call(name)

    assert answer.json() == {"workflow_id": f"cycle/{CYCLE}", "revision": 1}
    wish = house.wish()
    assert CANARY not in wish.model_dump_json()
    assert type(wish) is kind
    assert {one: getattr(wish, one) for one in fields} == fields


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("branches.give_back", "remark"),
        ("branches.excuse", "reason"),
        ("branches.release", "reason"),
        ("cycles.send_report", "note"),
    ],
)
async def test_words_are_kept_in_a_row_that_the_wish_names(
    house: House, name: str, kind: str
) -> None:
    await house.call(name)

    (text,) = house.desk.texts.values()
    assert (text.kind, text.body["text"], text.subject) == (kind, CANARY, f"cycle/{CYCLE}")
    assert house.wish().note_id == text.id


@pytest.mark.parametrize(
    ("body", "invited"),
    [
        ({"ids": [below_id(OURS)]}, 1),
        ({"matching": {"all": True}}, 3),
        ({"matching": {"kind": "college"}}, 1),
        ({"matching": {"kind": "school", "tag": "500+"}}, 1),
    ],
)
async def test_whom_to_invite_is_named_or_matches(
    house: House, body: dict[str, Any], invited: int
) -> None:
    for code, fields in (("s-2", {"tags": ["сельская"]}), ("c-3", {"kind": "college"})):
        organisation = an_organisation(code=code, name=code, **fields)
        house.desk.organisations.below[OURS][organisation.id_below(OURS)] = organisation

    await house.call("branches.invite", json=body)

    assert len(house.wish().below_ids) == invited


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"ids": ["f" * 16]}, 404),
        ({"ids": [below_id(OURS), "f" * 16]}, 404),
        ({"matching": {"tag": "нет"}}, 404),
        ({"matching": {}}, 422),
        ({"matching": {"all": False}}, 422),
        ({}, 422),
        ({"ids": [below_id(OURS)], "matching": {"all": True}}, 422),
        ({"ids": []}, 422),
    ],
)
async def test_nobody_is_invited_who_is_not_below(
    house: House, body: dict[str, Any], status: int
) -> None:
    assert (await house.call("branches.invite", json=body)).status_code == status
    assert not house.gateway.sent


async def test_more_than_one_wish_may_name_are_not_invited_at_once(house: House) -> None:
    for n in range(MOST + 1):
        organisation = an_organisation(code=f"x-{n}")
        house.desk.organisations.below[OURS][organisation.id_below(OURS)] = organisation

    answer = await house.call("branches.invite", json={"matching": {"all": True}})

    assert (answer.status_code, answer.json()["code"]) == (409, "WrongState")


async def test_figures_by_hand_are_a_version_with_who_and_how_it_is_known(house: House) -> None:
    await house.call("branches.enter")

    ((entered,),) = house.desk.organisations.entered.values()
    assert (entered.origin, entered.source, entered.file_sha256) == ("entered", CANARY, None)
    assert entered.given_by == house.views.users["nst_curator"].id
    assert entered.figures["pairs"] == 4
    assert entered.figures.keys() == FIGURES.keys()


@pytest.mark.parametrize(
    "figures",
    [{"pairs": "4"}, {**FIGURES, "pairs": "1.5"}, {**FIGURES, "nosuch": "1"}],
)
async def test_wrong_figures_are_told_each_and_nothing_is_kept(
    house: House, figures: dict[str, str]
) -> None:
    body = {**CALLS["branches.enter"].json, "figures": figures}

    answer = await house.call("branches.enter", json=body)

    assert (answer.status_code, answer.json()["code"]) == (422, "BadFigures")
    assert answer.json()["errors"]
    assert not house.desk.organisations.entered
    assert not house.gateway.sent


async def test_a_filled_form_is_kept_beside_its_figures(house: House) -> None:
    await house.call("branches.upload")

    ((entered,),) = house.desk.organisations.entered.values()
    (stored,) = house.desk.objects.values()
    assert (entered.origin, entered.file_sha256) == ("uploaded", stored.sha256)
    assert stored.role == "incoming"


async def test_a_form_with_mistakes_leaves_nothing_behind(house: House) -> None:
    house.spoilt = BadSpreadsheet("Ошибок в таблице: 1.\nлист «Отчёт», ячейка C2: нет числа")

    answer = await house.call("branches.upload")

    assert (answer.status_code, answer.json()["code"]) == (422, "BadSpreadsheet")
    assert answer.json()["errors"] == [{"reason": "лист «Отчёт», ячейка C2: нет числа"}]
    assert not house.desk.organisations.entered
    assert not house.desk.objects
    assert not house.gateway.sent


async def test_a_file_of_another_kind_is_refused(house: House) -> None:
    answer = await house.call("branches.upload", headers={"Content-Type": "application/pdf"})

    assert (answer.status_code, answer.json()["code"]) == (422, "BadUpload")


async def test_forms_and_own_reports_are_files(house: House) -> None:
    form = await house.call("branches.form")
    own = await house.call("cycles.report")

    assert form.content == f"PK docx {CYCLE}/1/yearly@1".encode()
    assert "attachment" in form.headers["Content-Disposition"]
    assert own.headers["Content-Type"].endswith("spreadsheetml.sheet")


async def test_a_branch_is_launched_by_the_roadmap_and_within_the_limits_of_its_upper_cycle(
    house: House,
) -> None:
    answer = await house.call("invitations.launch")

    (state,) = house.gateway.launched.values()
    assert answer.json() == {"cycle_id": state.cycle_id}
    assert state.upper == Upper(cycle_id=UPPER, n=3, adapt=("deadlines",), turn=1)
    owner, launch = house.desk.launches[state.cycle_id]
    assert (owner, launch.roadmap.roadmap, launch.upper) == (OURS, BELOW_ROADMAP, state.upper)
    assert launch.holders["director"] == DIRECTOR


@pytest.mark.parametrize("fields", [{"stage": "left"}, {"roadmap": None}])
async def test_an_invitation_that_holds_no_more_launches_nothing(
    house: House, fields: dict[str, Any]
) -> None:
    house.views.invited[OURS, UPPER, 3] = an_invitation(UPPER, **fields)

    answer = await house.call("invitations.launch")

    assert (answer.status_code, answer.json()["code"]) == (409, "WrongState")
    assert not house.desk.launches
    assert not house.gateway.launched


async def test_two_launches_of_one_roadmap_for_one_period_are_refused(house: House) -> None:
    await house.call("invitations.launch")
    house.views.invited[OURS, UPPER, 4] = an_invitation(UPPER, 4)
    path = f"/api/v1/invitations/{UPPER}/4/launch"

    answer = await house.ask(ADMINISTRATOR, "POST", path, json=CALLS["invitations.launch"].json)

    assert (answer.status_code, answer.json()["code"]) == (409, "AlreadyLaunched")


async def test_who_has_nobody_above_says_when_and_how_the_report_was_sent(house: House) -> None:
    said = {"proof": "report", "day": "2026-09-02", "how": CANARY, "note": CANARY}

    answer = await house.call("cycles.record_result", json={"evidence": said})

    assert answer.status_code == 200
    (text,) = house.desk.texts.values()
    assert text.body["how"] == CANARY
    assert house.wish().evidence == ReportSent(day=date(2026, 9, 2), evidence_id=text.id)
    stray = {**said, "file_sha256": "a" * 64}
    refused = await house.call("cycles.record_result", json={"evidence": stray})
    assert (refused.status_code, refused.json()["code"]) == (422, "ProofMissing")


async def test_who_is_added_is_let_in_once_and_again_until_the_account_is_taken(
    house: House,
) -> None:
    added = (await house.call("organisations.add")).json()
    assert added["login"] == f"admin-{added['organisation_id']}"
    assert added["one_time_password"]

    outside, *_ = reversed((await house.call("organisations.import")).json()["organisations"])
    assert (outside["login"], outside["one_time_password"]) == (None, None)

    again = await house.call("organisations.give_password")
    assert again.json()["one_time_password"] != added["one_time_password"]

    school = below_id(OURS)
    house.accounts.owned.add((school, ids.administrator_of(school)))
    refused = await house.call("organisations.give_password")
    assert (refused.status_code, refused.json()["code"]) == (409, "WrongState")
    same = {**CALLS["organisations.add"].json, "code": BELOW_CODE}
    known = (await house.call("organisations.add", json=same)).json()
    assert (known["organisation_id"], known["one_time_password"]) == (school, None)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"level": "municipality"}, "WrongLevel"),
        ({"inn": "1"}, "RequestInvalid"),
        ({"tags": ["\u0000"]}, "RequestInvalid"),
        ({"kind": "lyceum"}, "RequestInvalid"),
    ],
)
async def test_what_may_not_stand_below_is_refused(
    house: House, fields: dict[str, Any], code: str
) -> None:
    body = {**CALLS["organisations.add"].json, **fields}

    answer = await house.call("organisations.add", json=body)

    assert (answer.status_code, answer.json()["code"]) == (422, code)
    assert len(house.desk.organisations.below[OURS]) == 1


async def test_organisations_are_listed_by_what_was_asked(house: House) -> None:
    found = (await house.call("organisations.list")).json()
    none = (await house.ask(ADMINISTRATOR, "GET", "/api/v1/organisations/below?tag=нет")).json()

    assert [one["organisation_id"] for one in found["organisations"]] == [below_id(OURS)]
    assert (found["level"], found["tags"], none["total"]) == (Level.MUNICIPALITY, ["500+"], 0)
    assert BELOW_CODE not in found["organisations"][0]["name"]
