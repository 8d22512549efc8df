"""The auditor's bundle with an electronic signature in it."""

from pathlib import Path

from runtime.bundle_check import check_bundle
from tests.bundle_builders import a_cycle

CMS = b"an electronic signature"


def test_the_log_must_tell_of_each_electronic_signature(tmp_path: Path) -> None:
    cycle = a_cycle()
    cycle.keep("d1", 2, "signature", CMS, "1-o")
    found = check_bundle(cycle.written(tmp_path / "untold.zip"))
    [problem] = found.problems
    name = "files/000005_order_d1_v2_signature.p7s"
    assert problem.startswith(f"{name}: в журнале нет события об этой подписи")

    cycle.happened("document/d1", "signature_attached", CMS, version=2)
    assert check_bundle(cycle.written(tmp_path / "told.zip")).ok
