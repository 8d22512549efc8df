"""Drafting, numbering and sealing, each activity alone over fakes."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, TypeVar

import pytest
from temporalio.testing import ActivityEnvironment

from activities import tasks
from activities.documents import DOCX, DocumentActivities
from activities.ports import Template
from domain import ids
from domain.errors import BytesChanged, FactMissing, NotFound
from tests.builders import NOW
from tests.fakes.files import MemoryFiles
from tests.fakes.ledger import MemoryLedger
from tests.fakes.renderer import PlainRenderer

T = TypeVar("T")
SCAN = b"signed scan"
PDF = "application/pdf"


def spoilt(stored: bytes) -> bytes:
    """With another last byte, whichever it was."""
    return stored[:-1] + bytes([stored[-1] ^ 1])


class ForgetfulFiles(MemoryFiles):
    """A store that says it kept the bytes, and kept others."""

    def _keep(self, key: str, stored: bytes) -> bool:
        return super()._keep(key, spoilt(stored))


class Desk:
    """Activities over fakes, and what they left behind."""

    def __init__(self, files: MemoryFiles | None = None, *, rehearsal: bool = False) -> None:
        self.ledger = MemoryLedger({"order_pairs": "{n}-н"})
        self.ledger.gathered = {"mentor": "Инна Чайкина"}
        self.files = files or MemoryFiles()
        self.renderer = PlainRenderer()
        self.work = DocumentActivities(
            self.ledger, self.renderer, self.files, rehearsal=rehearsal, tries=1
        )

    def run(self, activity: Callable[[Any], T], task: object) -> T:
        done: T = ActivityEnvironment().run(activity, task)
        return done

    def draft(self, *, is_final: bool = False, version: int = 1) -> Any:  # noqa: ANN401 - Draft
        kept = self.run(self.work.gather_facts, gathering(version))
        return self.run(self.work.render_draft, rendering(kept, version, is_final=is_final))

    def body(self, key: str) -> Any:  # noqa: ANN401 - JSON of the fake renderer
        """Kind and facts of a rendering."""
        return json.loads(self.files.get(key, self.ledger.data_key(key)))

    def upload(self, content: bytes, named: str | None = None) -> str:
        """An upload under the hash that the command will name."""
        digest = named or sha256(content).hexdigest()
        key = ids.incoming_key("d1", digest)
        self.ledger.make_key(key, "org", "d1")
        self.files.put_once(key, content, self.ledger.data_key(key))
        return digest

    def seal(self, digest: str) -> Any:  # noqa: ANN401 - Seal
        task = tasks.PrepareSeal(organisation_id="org", document_id="d1", sha256=digest)
        self.run(self.work.prepare_seal, task)
        return self.run(self.work.seal_signed_file, sealing(digest))


def gathering(version: int = 1) -> tasks.GatherFacts:
    return tasks.GatherFacts(
        organisation_id="org",
        cycle_id="c1",
        document_id="d1",
        kind="order_pairs",
        version=version,
        now=NOW,
    )


def rendering(
    kept: tasks.FactsKept, version: int = 1, *, is_final: bool = False
) -> tasks.RenderDraft:
    return tasks.RenderDraft(
        organisation_id="org",
        document_id="d1",
        kind="order_pairs",
        version=version,
        facts_id=kept.facts_id,
        facts_sha256=kept.sha256,
        is_final=is_final,
    )


def registering(facts_id: str, line: tasks.JournalLine) -> tasks.RenderRegistered:
    return tasks.RenderRegistered(
        organisation_id="org",
        document_id="d1",
        kind="order_pairs",
        version=1,
        facts_id=facts_id,
        line=line,
    )


def entering(*, numbered: bool = True, document_id: str = "d1") -> tasks.EnterInJournal:
    return tasks.EnterInJournal(
        organisation_id="org",
        document_id=document_id,
        kind="order_pairs",
        version=1,
        numbered=numbered,
        now=NOW,
    )


def sealing(digest: str) -> tasks.SealSignedFile:
    return tasks.SealSignedFile(
        organisation_id="org", document_id="d1", version=1, sha256=digest, media_type=PDF
    )


def test_a_draft_is_rendered_from_kept_facts_and_recorded_with_both_hashes() -> None:
    desk = Desk()

    draft = desk.draft()

    key = ids.draft_key("d1", 1)
    kind, facts = desk.body(key)
    assert (kind, facts["mentor"], facts["registration"]) == ("order_pairs", "Инна Чайкина", None)
    record = desk.ledger.objects[key]
    assert (record.role, record.version, record.media_type) == ("draft", 1, DOCX)
    assert record.sha256 == draft.sha256
    assert record.stored_sha256 == sha256(desk.files.stored_bytes(key)).hexdigest()


def test_a_draft_made_twice_is_the_first_one() -> None:
    desk = Desk()
    first = desk.draft()

    desk.ledger.gathered = {"mentor": "Другая Фамилия"}
    again = desk.draft(is_final=True)  # other marks: other bytes, were they written

    assert again == first
    assert desk.body(ids.draft_key("d1", 1))[1]["mentor"] == "Инна Чайкина"
    assert len(desk.ledger.objects) == 1


def test_the_next_version_is_another_draft_from_facts_of_its_own() -> None:
    desk = Desk()
    first = desk.draft()
    desk.ledger.gathered = {"mentor": "Инна Чайкина-Вольская"}

    second = desk.draft(version=2)

    assert second.sha256 != first.sha256
    assert desk.body(ids.draft_key("d1", 1))[1]["mentor"] == "Инна Чайкина"
    assert desk.body(ids.draft_key("d1", 2))[1]["mentor"] == "Инна Чайкина-Вольская"


@pytest.mark.parametrize(
    ("rehearsal", "is_final", "marks"),
    [
        (False, False, ["ПРОЕКТ"]),
        (False, True, []),
        (True, False, ["ПРОЕКТ", "РЕПЕТИЦИЯ"]),
        (True, True, ["РЕПЕТИЦИЯ"]),
    ],
)
def test_a_draft_says_what_it_is(rehearsal: bool, is_final: bool, marks: list[str]) -> None:
    desk = Desk(rehearsal=rehearsal)

    desk.draft(is_final=is_final)

    assert desk.body(ids.draft_key("d1", 1))[1]["marks"] == marks


def test_each_paper_has_the_code_of_its_document_and_version() -> None:
    desk = Desk()
    draft = desk.draft()
    line = desk.run(desk.work.enter_in_journal, entering())
    desk.run(desk.work.render_registered, registering(draft.facts_id, line))

    for key in (ids.draft_key("d1", 1), ids.registered_key("d1", 1)):
        assert desk.body(key)[1]["document"] == {"code": "d1/1"}


def test_the_registered_paper_is_made_of_the_template_that_its_draft_was_made_of() -> None:
    desk = Desk()
    first, later = (Template(sha256=name, content=b"", ours=False) for name in ("one", "two"))
    desk.ledger.templates["order_pairs"] = first
    draft = desk.draft()

    desk.ledger.templates["order_pairs"] = later
    line = desk.run(desk.work.enter_in_journal, entering())
    desk.run(desk.work.render_registered, registering(draft.facts_id, line))
    desk.draft(version=2)

    keys = (ids.draft_key("d1", 1), ids.registered_key("d1", 1), ids.draft_key("d1", 2))
    assert [desk.body(key)[2] for key in keys] == ["one", "one", "two"]


def test_a_missing_fact_leaves_no_draft_and_no_record() -> None:
    desk = Desk()
    desk.renderer.missing = "mentor.position"

    with pytest.raises(FactMissing, match=r"mentor\.position"):
        desk.draft()

    assert not desk.files.keys()
    assert not desk.ledger.objects


@pytest.mark.parametrize(("rehearsal", "marks"), [(False, []), (True, ["РЕПЕТИЦИЯ"])])
def test_the_registered_paper_has_number_and_date_and_is_no_draft(
    rehearsal: bool, marks: list[str]
) -> None:
    desk = Desk(rehearsal=rehearsal)
    draft = desk.draft()

    line = desk.run(desk.work.enter_in_journal, entering())
    rendered = desk.run(desk.work.render_registered, registering(draft.facts_id, line))

    key = ids.registered_key("d1", 1)
    _, facts = desk.body(key)
    assert facts["registration"] == {"number": "1-н", "date": NOW.date().isoformat()}
    assert facts["marks"] == marks
    assert facts["mentor"] == "Инна Чайкина"
    assert desk.ledger.objects[key].sha256 == rendered.sha256


def test_a_journal_gives_a_document_one_number_however_often_it_is_asked() -> None:
    desk = Desk()

    lines = [
        desk.run(desk.work.enter_in_journal, entering(document_id=id_))
        for id_ in ("d1", "d1", "d2", "d1")
    ]

    assert [line.number for line in lines] == ["1-н", "1-н", "2-н", "1-н"]


def test_a_document_that_no_journal_counts_gets_a_date_only() -> None:
    desk = Desk()

    line = desk.run(desk.work.enter_in_journal, entering(numbered=False))

    assert (line.number, line.day) == (None, NOW.date())


def test_a_sealed_file_is_what_was_uploaded_under_the_hash_of_its_stored_bytes() -> None:
    desk = Desk()
    digest = desk.upload(SCAN)

    seal = desk.seal(digest)

    assert (seal.sha256, seal.size) == (digest, len(SCAN))
    stored = desk.files.stored_bytes(seal.key)
    assert seal.key == f"sealed/{sha256(stored).hexdigest()}"
    assert SCAN not in stored
    record = desk.ledger.objects[seal.key]
    assert (record.role, record.media_type) == ("signed", PDF)
    assert desk.files.get(seal.key, desk.ledger.data_key(record.key_id)) == SCAN


def test_a_file_is_locked_for_the_term_of_its_kind() -> None:
    desk = Desk()
    until = datetime(2077, 1, 1, tzinfo=UTC)
    desk.ledger.locks["order_pairs"] = until
    task = sealing(desk.upload(SCAN))

    seal = desk.seal(task.sha256)
    assert seal.key not in desk.files.held  # asked before terms were known
    desk.run(desk.work.seal_signed_file, task.changed(kind="report", day=NOW.date()))
    assert seal.key not in desk.files.held
    desk.run(desk.work.seal_signed_file, task.changed(kind="order_pairs", day=NOW.date()))
    assert desk.files.held == {seal.key: until}


def test_a_file_sealed_twice_is_one_file() -> None:
    desk = Desk()
    digest = desk.upload(SCAN)

    assert desk.seal(digest) == desk.seal(digest)
    assert len(desk.files.keys("sealed/")) == 1


def test_an_upload_that_is_not_what_was_attached_is_not_sealed() -> None:
    desk = Desk()
    named = sha256(b"what the curator saw").hexdigest()
    desk.upload(b"something else", named)

    with pytest.raises(BytesChanged):
        desk.seal(named)

    assert not desk.files.keys("sealed/")
    assert not desk.ledger.objects


def test_an_upload_whose_stored_bytes_were_changed_is_not_sealed() -> None:
    desk = Desk()
    digest = desk.upload(SCAN)
    key = ids.incoming_key("d1", digest)
    desk.files.objects[key] = spoilt(desk.files.objects[key])

    with pytest.raises(BytesChanged):
        desk.seal(digest)

    assert not desk.files.keys("sealed/")


def test_nothing_is_sealed_before_its_key_is_durable() -> None:
    desk = Desk()
    digest = desk.upload(SCAN)

    with pytest.raises(NotFound):
        desk.run(desk.work.seal_signed_file, sealing(digest))

    assert not desk.files.keys("sealed/")


def test_what_is_read_wrong_is_read_again_before_it_is_believed() -> None:
    desk = Desk()
    digest = desk.upload(SCAN)
    key = ids.incoming_key("d1", digest)
    whole = desk.files.objects[key]
    desk.files.objects[key] = spoilt(whole)
    desk.work = replace(desk.work, tries=8)

    with pytest.raises(OSError, match="read again"):
        desk.seal(digest)
    assert not desk.files.keys("sealed/")

    desk.files.objects[key] = whole
    assert desk.files.get(desk.seal(digest).key, desk.ledger.data_key(f"sealed/d1/{digest}"))


def test_nothing_is_recorded_that_was_not_read_back() -> None:
    desk = Desk(ForgetfulFiles())

    with pytest.raises(BytesChanged):
        desk.draft()

    assert not desk.ledger.objects
