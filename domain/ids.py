"""The only builder of workflow ids, child ids and storage keys.

An id is 16 hexadecimal figures. What a workflow starts has an id that is derived from its own
id and the business step, so that a repeat names the same thing.
"""

import re
import uuid

_NAMESPACE = uuid.UUID("6f0c2b0e-8f1d-5d6c-9a0e-4d6b5c1f7a21")

_CODE = re.compile(r"[0-9a-f]{16}/[1-9][0-9]{0,5}")

SYSTEM = "system"
"""The actor of what no person did."""

VERIFICATION_SCHEDULE = "verification"
"""The schedule of the nightly walk over stored files; its workflows' ids begin so too."""

YEARLY = "yearly"
"""Begins the ids of the schedules of yearly launches, and of the workflows that they start."""

SWEEP_SCHEDULE = "sweep"
"""The schedule of removing what was stored and never named."""


def derived_id(*parts: str) -> str:
    """The id that follows from `parts`; the same parts give the same id."""
    return uuid.uuid5(_NAMESPACE, "/".join(parts)).hex[:16]


def new_id() -> str:
    """A random id, for things that arise outside workflows."""
    return uuid.uuid4().hex[:16]


def nth_pair(cycle_workflow_id: str, number: int) -> str:
    """The id of the pair that its cycle forms as the first, the second, …"""
    return derived_id(cycle_workflow_id, "pair", str(number))


def branch_cycle(upper_cycle_id: str, n: int) -> str:
    """The id of the cycle that runs as the first, the second, … branch of an upper one."""
    return derived_id(cycle_workflow(upper_cycle_id), "branch", str(n))


def cycle_workflow(cycle_id: str) -> str:
    return f"cycle/{cycle_id}"


def pair_workflow(pair_id: str) -> str:
    return f"pair/{pair_id}"


def document_workflow(document_id: str) -> str:
    return f"document/{document_id}"


def document_code(document_id: str, version: int) -> str:
    """What the QR code on its pages says: which document and version, and no personal data."""
    return f"{document_id}/{version}"


def is_document_code(text: str) -> bool:
    """Whether this could be what `document_code` wrote."""
    return _CODE.fullmatch(text) is not None


def template_subject(organisation_id: str, kind: str) -> str:
    """Of events about an organisation's template of a kind."""
    return f"template/{organisation_id}/{kind}"


def journal_subject(organisation_id: str, journal: str, year: int | None = None) -> str:
    """Of events about the numbers of a journal's year, or of the journal itself."""
    name = f"journal/{organisation_id}/{journal}"
    return f"{name}/{year}" if year else name


def witness_subject(organisation_id: str) -> str:
    """Of events about what an organisation keeps of other logs as their witness."""
    return f"witness/{organisation_id}"


def yearly_order(order_id: str) -> str:
    """The schedule of a standing order; the subject of events about it as well."""
    return f"{YEARLY}/{order_id}"


def mandate_subject(mandate_id: str) -> str:
    """Of events about a right to decide and to sign."""
    return f"mandate/{mandate_id}"


def calendar_subject(organisation_id: str, year: int) -> str:
    """Of events about an organisation's own working days of a year."""
    return f"calendar/{organisation_id}/{year}"


def indicators_subject(cycle_id: str) -> str:
    """Of events about values of indicators that people enter for a cycle."""
    return f"indicators/{cycle_id}"


def account_subject(account_id: str) -> str:
    """Of events of the log about an account."""
    return f"account/{account_id}"


def event_subject(event_id: str) -> str:
    """Of events of the log about something that was held: a seminar, a conference, …"""
    return f"event/{event_id}"


def publication_subject(publication_id: str) -> str:
    """Of events of the log about a publication."""
    return f"publication/{publication_id}"


def acquaintance_subject(document_id: str) -> str:
    """Of events about who has read a document."""
    return f"acquaintance/{document_id}"


def destruction_subject(document_id: str) -> str:
    """Of the event that a document was destroyed; that of its act is the act's own."""
    return f"destruction/{document_id}"


def destroyed_again_subject(document_id: str) -> str:
    """Of the event that a document which came back with a backup was destroyed again."""
    return f"destroyed_again/{document_id}"


def retention_subject(organisation_id: str) -> str:
    """Of events about what an organisation decided of terms of keeping."""
    return f"retention/{organisation_id}"


def body_subject(body_id: str) -> str:
    """Of events about what a body is set to."""
    return f"body/{body_id}"


def sitting_subject(sitting_id: str) -> str:
    """Of events about a sitting of a body."""
    return f"sitting/{sitting_id}"


def incident_subject(incident_id: str) -> str:
    """Of events about a stored file, or a log, that is not what it was."""
    return f"incident/{incident_id}"


def reads_subject(organisation_id: str) -> str:
    """Of events about how often data of minors were read."""
    return f"reads/{organisation_id}"


def rows_subject(organisation_id: str) -> str:
    """Of events that each night tell of the sums of rows."""
    return f"rows/{organisation_id}"


def layout_subject(organisation_id: str) -> str:
    """Of events about an organisation's layout."""
    return f"layout/{organisation_id}"


def organisation_subject(organisation_id: str) -> str:
    """Of events about an organisation that stands below the log's own."""
    return f"organisation/{organisation_id}"


def administrator_of(organisation_id: str) -> str:
    """The id of the account that an organisation gets when it is added below another."""
    return derived_id("administrator", organisation_id)


def draft_key(document_id: str, version: int) -> str:
    """Where a draft is kept: by document and version, the first writer wins."""
    return f"draft/{document_id}/{version}"


def registered_key(document_id: str, version: int) -> str:
    """Where the rendering of a version with its number and date is kept."""
    return f"registered/{document_id}/{version}"


def visual_key(document_id: str, version: int) -> str:
    """Where the copy of a version with the mark of an electronic signature is kept."""
    return f"visual/{document_id}/{version}"


def incoming_key(document_id: str, sha256: str) -> str:
    """Where an upload waits to be sealed."""
    return f"incoming/{document_id}/{sha256}"


def seal_key_id(document_id: str, sha256: str) -> str:
    """The id of the data key that seals this content of this document."""
    return f"sealed/{document_id}/{sha256}"
