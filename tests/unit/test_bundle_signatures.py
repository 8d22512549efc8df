"""The auditor's bundle with an electronic signature in it."""

from pathlib import Path

from domain.audit import AuditEvent, canonical, entry_hash
from runtime.bundle import Checked, LogEntry, check_bundle, write_bundle
from tests.unit.test_bundle import a_file, an_event, the_files, the_log

CMS = b"an electronic signature"
CMS_NAME = "files/0004_order_d1_v2_signature.p7s"


def signed_electronically(out: Path, *events: AuditEvent) -> Checked:
    """The check of a bundle with a signature, whose log has these events more."""
    log = list(the_log())
    for seq, event in enumerate(events, start=len(log) + 1):
        text = canonical(event)
        last = log[-1].hash
        log.append(LogEntry(seq=seq, previous=last, text=text, hash=entry_hash(last, text)))
    files = [*the_files(), (a_file(CMS_NAME, "d1", 2, "signature", CMS), CMS)]
    write_bundle(out, "cycle/c1", files, log)
    return check_bundle(out)


def test_the_log_must_tell_of_each_electronic_signature(tmp_path: Path) -> None:
    attached = an_event("document/d1", 4, "signature_attached", CMS)
    assert signed_electronically(tmp_path / "told.zip", attached).ok

    untold = signed_electronically(tmp_path / "untold.zip")
    assert untold.problems == (f"{CMS_NAME}: в журнале нет события об этой подписи",)
