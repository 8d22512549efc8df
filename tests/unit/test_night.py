"""When the service does what it does by the clock."""

from dataclasses import replace

import pytest

from runtime.schedules import table
from runtime.settings import BadSettings, read_settings
from runtime.settings_parts import NightSettings


def test_the_night_begins_at_midnight_in_moscow_or_as_it_is_said(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert read_settings().night.hour == 21
    monkeypatch.setenv("NASTAVNIK_NIGHT_HOUR", "3")
    assert read_settings().night.hour == 3
    assert read_settings().environment()["NASTAVNIK_NIGHT_HOUR"] == "3"


@pytest.mark.parametrize("hour", ["24", "-1", "midnight"])
def test_an_hour_that_no_day_has_is_named(monkeypatch: pytest.MonkeyPatch, hour: str) -> None:
    monkeypatch.setenv("NASTAVNIK_NIGHT_HOUR", hour)
    with pytest.raises(BadSettings, match="NASTAVNIK_NIGHT_HOUR"):
        read_settings()


def test_schedules_have_names_of_their_own_and_the_night_its_hour() -> None:
    settings = replace(read_settings(), night=NightSettings(hour=4))
    schedules = {one.id: one for one in table(settings)}
    assert len(schedules) == len(table(settings))
    assert [hour.start for hour in schedules["verification"].when.hour] == [4]
