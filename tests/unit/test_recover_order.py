"""In which order `recover` brings cycles back."""

from adapters.postgres.recovery import KeptProcess
from runtime.recover import uppers_first


def a_kept_cycle(name: str, upper: str | None = None) -> KeptProcess:
    return KeptProcess(
        id=f"cycle/{name}",
        kind="cycle",
        organisation_id=name,
        cycle_id=name,
        parent=None,
        stage="running",
        revision=1,
        saved=True,
        owed=False,
        over=False,
        at_work=False,
        changes=False,
        nested=upper is not None,
        upper=f"cycle/{upper}" if upper else None,
    )


def test_a_cycle_comes_back_after_the_one_above_it() -> None:
    school, alone = a_kept_cycle("school", "district"), a_kept_cycle("alone")
    district, region = a_kept_cycle("district", "region"), a_kept_cycle("region")
    levels = uppers_first([school, alone, district, region])
    assert list(levels) == [[alone, region], [district], [school]]


def test_a_cycle_whose_upper_one_is_over_or_unknown_comes_back_too() -> None:
    school = a_kept_cycle("school", "district")
    assert list(uppers_first([school])) == [[school]]
    assert list(uppers_first([])) == []
