"""Indicators over HTTP: entered by people, counted from rows, closed by what was entered."""

from collections.abc import Mapping
from typing import Any

import pytest

from domain.evidence import IndicatorsGiven
from tests.api.calls import CANARY, CYCLE, PAIR
from tests.api.house import House

PATH = f"/api/v1/cycles/{CYCLE}/indicators"
RESULT = {"evidence": {"proof": "indicators"}}


async def entered(house: House, key: str = "enter", **fields: str) -> Any:  # noqa: ANN401 - JSON
    """The line of the indicator after a value of it was entered."""
    value = {"indicator": "1.1", "value": "12", "source": CANARY, **fields}
    answer = await house.call("cycles.enter_indicators", key=key, json={"values": [value]})
    assert answer.status_code == 200, answer.text
    lines = answer.json()["indicators"]
    return next(one for one in lines if one["id"] == value["indicator"])


async def test_a_value_is_entered_by_whoever_asks_with_its_source(house: House) -> None:
    line = await entered(house, value="2,0")
    (wish,) = house.desk.indicators.wishes.values()
    assert (wish.author, wish.cycle_id) == (house.views.users["nst_curator"].id, CYCLE)
    (said,) = wish.values
    assert (said.indicator, said.turn, said.period, str(said.value)) == ("1.1", 1, "turn", "2.0")
    assert (line["plan"], line["fact"], line["given"]) == ("12", "2.0", True)


async def test_a_later_value_stands_before_the_earlier_one_and_does_not_hide_it(
    house: House,
) -> None:
    await entered(house)
    line = await entered(house, key="again", value="14")
    (period,) = line["periods"]
    assert [(one["value"], one["counts"]) for one in period["entries"]] == [
        ("12", False),
        ("14", True),
    ]


async def test_a_repeat_enters_once(house: House) -> None:
    await entered(house, key="once")
    await entered(house, key="once")
    assert len(house.desk.indicators.wishes) == 1


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"indicator": "1.2"}, 409, "IndicatorComputed"),
        ({"indicator": "9.9"}, 422, "IndicatorUnknown"),
        ({"turn": 2}, 422, "IndicatorUnknown"),
        ({"period": "2026-q3"}, 422, "IndicatorUnknown"),
        ({"indicator": "1.3", "period": "2026-q4"}, 422, "FuturePeriod"),
        ({"value": "2,5"}, 422, "NotWhole"),
        ({"value": "-1"}, 422, "RequestInvalid"),
        ({"value": "много"}, 422, "RequestInvalid"),
        ({"value": "1e3"}, 422, "RequestInvalid"),
        ({"source": ""}, 422, "RequestInvalid"),
        ({"period": CANARY}, 422, "RequestInvalid"),
        ({"turn": 0}, 422, "RequestInvalid"),
    ],
)
async def test_what_cannot_be_entered_is_refused(
    house: House, fields: Mapping[str, object], status: int, code: str
) -> None:
    value = {"indicator": "1.1", "value": "12", "source": "Реестр", **fields}
    answer = await house.call("cycles.enter_indicators", json={"values": [value]})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert house.desk.indicators.wishes == {}


async def test_a_result_closes_by_what_has_been_entered(house: House) -> None:
    await entered(house)
    await house.call("cycles.record_result", json=RESULT)
    wish = house.wish()
    assert isinstance(wish.evidence, IndicatorsGiven)
    assert wish.evidence.indicators == ("1.1",)
    said = house.desk.texts[wish.evidence.evidence_id].body
    assert said["entries"] == {"1.1": [1]}


async def test_before_anything_is_entered_the_workflow_learns_so(house: House) -> None:
    await house.call("cycles.record_result", json=RESULT)
    assert house.wish().evidence.indicators == ()


async def test_a_pair_has_no_indicators(house: House) -> None:
    await entered(house)
    path = f"/api/v1/pairs/{PAIR}/items/2.1%2F{PAIR}/results/acquainted"
    await house.ask("curator", "POST", path, json=RESULT)
    assert house.wish().evidence.indicators == ()


@pytest.mark.parametrize("name", ["cycles.indicator_rows", "cycles.measure_rows"])
async def test_a_figure_opens_its_rows(house: House, name: str) -> None:
    answer = (await house.call(name)).json()
    found = answer.get("counted", answer)
    assert found["line"]["value"] == str(sum(row["n"] for row in found["rows"]))
    assert found["rows"][0]["people"]
    assert found["total"] == len(found["rows"])


@pytest.mark.parametrize(
    "path", ["indicators/9.9/rows", "measures/happiness/rows", "measures/pairs/rows?turn=2"]
)
async def test_there_is_nothing_behind_what_there_is_not(house: House, path: str) -> None:
    answer = await house.ask("curator", "GET", f"/api/v1/cycles/{CYCLE}/{path}")
    assert answer.status_code == 404


async def test_plan_and_fact_are_told_by_year_with_how_they_were_got(house: House) -> None:
    found = (await house.ask("auditor", "GET", PATH)).json()
    assert [one["turn"] for one in found["turns"]] == [1]
    assert [(one["id"], one["measure"]) for one in found["indicators"]] == [
        ("1.1", None),
        ("1.2", "pairs"),
        ("1.3", None),
    ]
    assert found["targets"][0]["plan"] == 3
