"""One lawful request for each route of the API."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from domain.canary import CanaryResult, WriteOnce
from domain.people import AccessRole
from domain.routes import Outcome
from tests.api.legal import GROUND
from tests.api.nested import FIGURES, NEW_ORGANISATION, UPPER, below_id
from tests.api.readers import DAYS
from tests.api.rights import END, RIGHT, SUBSTITUTE
from tests.api.sitting_requests import CALLED, HELD, SITTING, TO_CANCEL
from tests.fakes.events import HELD_EVENT, PLANNED_EVENT, PUBLISHED
from tests.fakes.log import AT, KEYS, handed_over, signed
from tests.roadmap_builders import a_result, a_step

OURS, THEIRS = "0" * 16, "f" * 16
CYCLE, PAIR, DOCUMENT = "c" * 16, "b" * 16, "d" * 16
DIRECTOR, CURATOR, MENTOR, NOVICE = "1" * 16, "2" * 16, "3" * 16, "4" * 16
COUNCIL, TEXT, INCIDENT = "5" * 16, "e" * 16, "8" * 16
YEARLY = "9" * 16
HOLDERS = {"curator": "K-01", "director": DIRECTOR, "council": "PS"}
NOW = datetime(2026, 9, 2, 9, tzinfo=UTC)
DETECTED = CanaryResult(
    write_once=WriteOnce.DETECTED,
    text="изменения обнаруживаются, но не предотвращаются",
    checked_at=NOW,
)
CANARY = "Канарейкина Ёлка Вьюговна"

PDF, JPEG, PNG = b"%PDF-1.7 scan", b"\xff\xd8\xff\xe0 scan", b"\x89PNG\r\n\x1a\n scan"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PKCS7 = "application/pkcs7-signature"
SENT = sha256(PDF).hexdigest()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


SUBMISSION = handed_over(THEIRS, 0)
COSIGNED = signed(OURS).text + KEYS.cosign(THEIRS, signed(OURS).text, AT)
WITNESS_KEY = KEYS.witness_keys(THEIRS)[0]


@dataclass(frozen=True)
class Call:
    """A lawful request."""

    method: str
    path: str
    role: AccessRole
    json: Any = None
    other: dict[str, Any] = field(default_factory=dict)


def _get(path: str) -> Call:
    return Call("GET", path, AccessRole.AUDITOR)


def _post(path: str, role: AccessRole = AccessRole.CURATOR, **json: object) -> Call:
    return Call("POST", path, role, json)


def _send(path: str, content: bytes, media_type: str) -> Call:
    other = {"content": content, "headers": {"Content-Type": media_type}}
    return Call("POST", path, AccessRole.CURATOR, other=other)


SHA = "a" * 64
ACT = "9" * 16
SURNAME = {
    "gent": "Заяца",
    "datv": "Заяцу",
    "accs": "Заяца",
    "ablt": "Заяцем",
    "loct": "Заяце",
}
_CYCLE, _PAIR, _DOCUMENT = f"/cycles/{CYCLE}", f"/pairs/{PAIR}", f"/documents/{DOCUMENT}"
_EVENT = {"proof": "event", "day": "2026-09-02", "attendance": 12, "place": CANARY}
_LINK = {"proof": "link", "day": "2026-09-02", "address": "https://college.example/news"}

EVENT: dict[str, Any] = {
    "kind": "seminar",
    "title": CANARY,
    "day": "2026-09-02",
    "place": CANARY,
    "programme": CANARY,
    "attendance": 12,
    "people": ["M-01", "N-01"],
    "links": [{"title": CANARY, "address": "https://college.example/seminar"}],
}
PUBLICATION: dict[str, Any] = {
    "what": CANARY,
    "site": CANARY,
    "address": "https://college.example/news",
    "day": "2026-09-02",
}

CALLS = {
    "people.import": _send("/people/import", b"PK\x03\x04 table", XLSX),
    "people.list": _get("/people"),
    "people.names": _get(f"/people/{NOVICE}/names"),
    "people.correct_names": _post(f"/people/{NOVICE}/names", last=SURNAME),
    "organisations.add": _post(
        "/organisations/below", AccessRole.ADMINISTRATOR, **NEW_ORGANISATION
    ),
    "organisations.import": Call(
        "POST",
        "/organisations/below/import",
        AccessRole.ADMINISTRATOR,
        other={"content": b"PK\x03\x04 list", "headers": {"Content-Type": XLSX}},
    ),
    "organisations.list": _get("/organisations/below?kind=school&tag=500%2B&outside=false"),
    "organisations.give_password": _post(
        f"/organisations/{below_id(OURS)}/password", AccessRole.ADMINISTRATOR
    ),
    "bodies.list": _get("/bodies"),
    "bodies.get": _get(f"/bodies/{COUNCIL}?on=2026-09-01"),
    "bodies.set": _post(f"/bodies/{COUNCIL}/settings", AccessRole.ADMINISTRATOR, chair="D-01"),
    "bodies.call_sitting": _post(
        f"/bodies/{COUNCIL}/sittings", **{**SITTING, "chair": "D-01", "secretary": "K-01"}
    ),
    "sittings.list": _get("/sittings"),
    "sittings.get": _get(f"/sittings/{CALLED}"),
    "sittings.hold": _post(f"/sittings/{CALLED}/held", **HELD),
    "sittings.cancel": _post(f"/sittings/{TO_CANCEL}/cancel", reason=CANARY),
    "cycles.launch": _post(
        "/cycles",
        AccessRole.ADMINISTRATOR,
        roadmap="small",
        start="2026-09-02",
        holders=HOLDERS,
    ),
    "cycles.list": _get("/cycles"),
    "cycles.get": _get(_CYCLE),
    "waiting.list": _get(f"/waiting?cycle={CYCLE}"),
    "cycles.register": _get(f"{_CYCLE}/register"),
    "cycles.pairs_before": _get(f"{_CYCLE}/pairs/before"),
    "cycles.past": _get(f"{_CYCLE}/past"),
    "cycles.notices": _get(f"{_CYCLE}/notices"),
    "cycles.bundle": Call("GET", f"{_CYCLE}/bundle", AccessRole.AUDITOR),
    "cycles.indicators": _get(f"{_CYCLE}/indicators"),
    "cycles.indicator_rows": _get(f"{_CYCLE}/indicators/1.2/rows?turn=1"),
    "cycles.enter_indicators": _post(
        f"{_CYCLE}/indicators",
        values=[{"indicator": "1.1", "value": "12", "source": "Реестр договоров"}],
    ),
    "cycles.measures": _get(f"{_CYCLE}/measures"),
    "cycles.measure_rows": _get(f"{_CYCLE}/measures/pairs/rows"),
    "cycles.events": _get(f"{_CYCLE}/events"),
    "cycles.add_event": _post(f"{_CYCLE}/events", **EVENT),
    "cycles.add_publication": _post(f"{_CYCLE}/publications", **PUBLICATION),
    "events.get": _get(f"/events/{HELD_EVENT}"),
    "events.correct": _post(f"/events/{PLANNED_EVENT}/correction", **EVENT),
    "events.withdraw": _post(f"/events/{PLANNED_EVENT}/withdrawal", reason=CANARY),
    "publications.get": _get(f"/publications/{PUBLISHED}"),
    "publications.correct": _post(f"/publications/{PUBLISHED}/correction", **PUBLICATION),
    "publications.check": _post(f"/publications/{PUBLISHED}/check", present=True),
    "publications.withdraw": _post(f"/publications/{PUBLISHED}/withdrawal", reason=CANARY),
    "cycles.form_pairs": _post(
        f"{_CYCLE}/pairs",
        pairs=[
            {"mentor_id": "M-01", "mentee_id": "N-01", "form": "teacher_teacher"},
            {"mentor_id": DIRECTOR, "mentee_id": MENTOR, "form": "teacher_teacher"},
        ],
    ),
    "cycles.welcome_mentor": _post(f"{_CYCLE}/mentors", person_id="N-01"),
    "cycles.draft_document": _post(
        f"{_CYCLE}/documents",
        kind="order_curator",
        changes=[{"document_id": DOCUMENT, "how": "amends"}],
        inputs={"control": CANARY},
    ),
    "branches.people": _get(f"{_CYCLE}/branches/people?turn=1"),
    "organisations.above": _get("/organisations/above"),
    "cycles.upload_proof": _send(
        f"{_CYCLE}/items/1.1%232/results/site/file", PDF, "application/pdf"
    ),
    "cycles.record_result": _post(f"{_CYCLE}/items/1.1%232/results/site", evidence=_EVENT),
    "cycles.next": _get(f"{_CYCLE}/next?holder=curator:K-01"),
    "cycles.launch_next": _post(
        f"{_CYCLE}/next", AccessRole.ADMINISTRATOR, holders={"council": "PS"}
    ),
    "cycles.retry": _post(f"{_CYCLE}/retry", note=CANARY),
    "cycles.move_deadline": _post(
        f"{_CYCLE}/items/1.1%232/deadline", due="2026-11-30", reason=CANARY
    ),
    "cycles.change_lead": _post(
        f"{_CYCLE}/items/1.1%232/lead", lead=CURATOR, others=[COUNCIL], reason=CANARY
    ),
    "cycles.mark_not_applicable": _post(f"{_CYCLE}/items/1.1%232/not-applicable", reason=CANARY),
    "cycles.mark_applicable": _post(f"{_CYCLE}/items/1.1%232/applicable", reason=CANARY),
    "cycles.add_row": _post(
        f"{_CYCLE}/rows",
        row=a_step(id="7.1", title=CANARY, results=[a_result(by={"proof": "remark"})]),
        reason=CANARY,
    ),
    "cycles.past_rows": _get(f"{_CYCLE}/past-rows"),
    "roadmaps.list": _get("/roadmaps"),
    "yearly.list": _get("/yearly"),
    "yearly.order": _post("/yearly", AccessRole.ADMINISTRATOR, roadmap="small", holders=HOLDERS),
    "yearly.change": _post(f"/yearly/{YEARLY}/state", AccessRole.ADMINISTRATOR, state="active"),
    "yearly.launch": _post(f"/yearly/{YEARLY}/launch", AccessRole.ADMINISTRATOR),
    "roadmaps.preview": _get(
        f"/roadmaps/small/preview?start=2026-09-01&holder=director:{DIRECTOR}&turns=1"
    ),
    "roadmaps.apply": _post("/roadmaps/small/apply", AccessRole.ADMINISTRATOR, dry_run=True),
    "cycles.draft_again": _post(f"{_CYCLE}/items/1.1%232/results/order/draft", reason=CANARY),
    "cycles.report": _get(f"{_CYCLE}/report.xlsx?turn=1"),
    "cycles.send_report": _post(f"{_CYCLE}/items/1.1%232/results/report/send", note=CANARY),
    "branches.invite": _post(f"{_CYCLE}/branches", matching={"kind": "school", "tag": "500+"}),
    "branches.list": _get(f"{_CYCLE}/branches?state=sent&stage=joined&page=1"),
    "branches.figure": _get(f"{_CYCLE}/branches/figures/pairs?demand=yearly"),
    "branches.get": _get(f"{_CYCLE}/branches/1?demand=yearly&turn=1"),
    "branches.accept": _post(f"{_CYCLE}/branches/accept", demand="yearly", turn=1, branches=[1, 2]),
    "branches.give_back": _post(
        f"{_CYCLE}/branches/1/return", demand="yearly", turn=1, remark=CANARY
    ),
    "branches.excuse": _post(f"{_CYCLE}/branches/1/excuse", demand="yearly", reason=CANARY),
    "branches.release": _post(f"{_CYCLE}/branches/1/leave", reason=CANARY),
    "branches.form": _get(f"{_CYCLE}/branches/1/form.docx?demand=yearly"),
    "branches.enter": _post(
        f"{_CYCLE}/branches/1/reports", demand="yearly", figures=FIGURES, source=CANARY
    ),
    "branches.upload": _send(
        f"{_CYCLE}/branches/1/reports/file?demand=yearly", b"PK\x03\x04 report", XLSX
    ),
    "invitations.list": _get("/invitations"),
    "invitations.launch": _post(
        f"/invitations/{UPPER}/3/launch",
        AccessRole.ADMINISTRATOR,
        start="2026-09-02",
        holders={"curator": "K-01", "director": DIRECTOR, "council": "PS"},
    ),
    "inbox.list": _get("/inbox"),
    "documents.get": _get(_DOCUMENT),
    "documents.file": _get(f"{_DOCUMENT}/file?role=signed"),
    "documents.copy": _get(f"{_DOCUMENT}/copy?role=draft"),
    "documents.table": _get(f"{_DOCUMENT}/table.xlsx?version=1"),
    "documents.chain": _get(f"{_DOCUMENT}/chain?on=2026-09-01"),
    "documents.approval_sheet": _get(f"{_DOCUMENT}/approval-sheet"),
    "documents.acquaintance": _get(f"{_DOCUMENT}/acquaintance"),
    "documents.acquaintance_sheet": _get(f"{_DOCUMENT}/acquaintance-sheet"),
    "documents.acquaint": _post(f"{_DOCUMENT}/acquaintance", day="2026-09-02"),
    "calendars.get": _get("/calendars/2027"),
    "calendars.load": _post("/calendars", AccessRole.ADMINISTRATOR, days=DAYS),
    "calendars.import": Call(
        "POST",
        "/calendars/import",
        AccessRole.ADMINISTRATOR,
        other={"content": b"PK\x03\x04 2027", "headers": {"Content-Type": XLSX}},
    ),
    "documents.drop": _post(f"{_DOCUMENT}/withdrawal", note=CANARY),
    "documents.add_remark": _post(f"{_DOCUMENT}/remarks", version=2, text=CANARY),
    "documents.answer_remark": _post(f"{_DOCUMENT}/remarks/1/answer", text=CANARY),
    "documents.attach_review": _post(
        f"{_DOCUMENT}/review", version=2, file_sha256=SENT, text=CANARY
    ),
    "documents.upload_file": _send(f"{_DOCUMENT}/files", PDF, "application/pdf"),
    "documents.attached": _get(f"{_DOCUMENT}/files/{SENT}"),
    "documents.assignments": _get(f"{_DOCUMENT}/assignments"),
    "assignments.list": _get("/assignments?controller=me&state=late"),
    "assignments.fulfil": _post(f"{_DOCUMENT}/assignments/4-2/fulfilment", text=CANARY),
    "assignments.give_back": _post(f"{_DOCUMENT}/assignments/4-2/return", text=CANARY),
    "assignments.drop": _post(f"{_DOCUMENT}/assignments/4-2/withdrawal", text=CANARY),
    "register.list": _get("/register?kind=order_pairs"),
    "grounds.list": _get("/grounds"),
    "grounds.add": _post("/grounds", AccessRole.ADMINISTRATOR, **GROUND),
    "grounds.end": _post(
        f"/grounds/{ACT}/end",
        AccessRole.ADMINISTRATOR,
        lost_on="2026-09-01",
        ended_by="приказ от 20 августа 2026 г. № 900",
    ),
    "authorities.list": _get("/authorities"),
    "authorities.give": _post("/authorities", AccessRole.ADMINISTRATOR, **SUBSTITUTE),
    "authorities.end": _post(f"/authorities/{RIGHT}/end", AccessRole.ADMINISTRATOR, **END),
    "journals.list": _get("/journals"),
    "journals.lines": _get("/journals/orders/lines?year=2026&page=1"),
    "journals.file": _get("/journals/orders/file?format=xlsx&year=2026"),
    "journals.place_kinds": _post(
        "/journals",
        AccessRole.ADMINISTRATOR,
        journal="own_orders",
        title="Журнал приказов, индекс 01-08",
        mask="01-08/{n}",
        kinds=["order_curator"],
        since="2027-01-01",
    ),
    "journals.reserve": _post("/journals/orders/reserve", reason=CANARY),
    "journals.letter": _post("/journals/orders/lettered", after="1-о", reason=CANARY),
    "journals.void": _post("/journals/orders/void", number="2-о", reason=CANARY),
    "journals.file_incoming": _post(
        "/incoming",
        sender="Управление образования",
        number="17-исх",
        day="2026-09-01",
        title="О смотре",
    ),
    "documents.decide": _post(
        f"{_DOCUMENT}/decision",
        AccessRole.DIRECTOR,
        version=2,
        sha256=SHA,
        outcome=Outcome.SEND_BACK,
        remark=CANARY,
    ),
    "documents.redraft": _post(f"{_DOCUMENT}/redraft", version=2, inputs={"kind": CANARY}),
    "documents.register": _post(f"{_DOCUMENT}/registration", version=2),
    "documents.attach_signed": _send(f"{_DOCUMENT}/signed?version=2", PDF, "application/pdf"),
    "documents.attach_signature": _send(f"{_DOCUMENT}/signature?version=2", b"cms", PKCS7),
    "documents.retry": _post(f"{_DOCUMENT}/retry", note=CANARY),
    "templates.kinds": _get("/templates"),
    "templates.list": _get("/templates/order_curator"),
    "templates.upload": Call(
        "POST",
        "/templates/order_curator?active_from=2026-09-03",
        AccessRole.ADMINISTRATOR,
        other={"content": b"PK\x03\x04 template", "headers": {"Content-Type": DOCX}},
    ),
    "templates.file": _get("/templates/order_curator/versions/0/file"),
    "templates.preview": _get("/templates/order_curator/versions/0/preview"),
    "templates.difference": _get("/templates/order_curator/difference?old=0&new=0"),
    "layout.get": _get("/layout-settings"),
    "layout.set": _post("/layout-settings", AccessRole.ADMINISTRATOR, size_pt=13),
    "retention.due": _get("/retention?due=2033-01-01"),
    "retention.make_act": _post(
        "/retention/acts",
        AccessRole.ADMINISTRATOR,
        cycle_id=CYCLE,
        documents=[DOCUMENT],
        expert_minutes={"number": "2", "day": "2026-08-28"},
    ),
    "retention.choices": _get("/retention/choices"),
    "retention.choose": _post(
        "/retention/choices",
        AccessRole.ADMINISTRATOR,
        kind="order_pairs",
        form="teacher_teacher",
        term="main_activity",
        since="2026-09-01",
    ),
    "texts.get": _get(f"/texts/{TEXT}"),
    "storage.get": _get("/storage"),
    "verification.get": _get("/verification"),
    "verification.start": _post("/verification", AccessRole.ADMINISTRATOR),
    "incidents.list": _get("/incidents"),
    "incidents.note": _post(f"/incidents/{INCIDENT}/note", AccessRole.ADMINISTRATOR, text=CANARY),
    "log.list": _get("/log"),
    "log.checkpoint": _get("/log/checkpoint"),
    "log.proof": _get("/log/proof?from=3"),
    "log.witnessed": _get("/log/witnessed"),
    "log.witness": _post(
        "/log/witnessed", AccessRole.ADMINISTRATOR, submission=SUBMISSION.text, key=SUBMISSION.key
    ),
    "log.keep_cosignature": _post(
        "/log/cosignatures", AccessRole.ADMINISTRATOR, note=COSIGNED, key=WITNESS_KEY
    ),
    "reads.list": _get("/reads"),
    "pairs.get": _get(_PAIR),
    "pairs.timeline": _get(f"{_PAIR}/timeline"),
    "pairs.bundle": Call("GET", f"{_PAIR}/bundle", AccessRole.AUDITOR),
    "pairs.past": _get(f"{_PAIR}/past"),
    "pairs.record_meeting": _post(
        f"{_PAIR}/meetings", kind="regular", day="2026-09-02", minutes=45, notes=CANARY
    ),
    "pairs.record_monitoring": _post(
        f"{_PAIR}/monitoring", voice="mentor", scores={"process": 9}, notes=CANARY
    ),
    "pairs.stop": _post(f"{_PAIR}/stop", reason="early_end", note=CANARY),
    "pairs.upload_proof": _send(
        f"{_PAIR}/items/2.1%2F{PAIR}/results/acquainted/file", PDF, "application/pdf"
    ),
    "pairs.record_result": _post(f"{_PAIR}/items/2.1%2F{PAIR}/results/acquainted", evidence=_LINK),
    "pairs.retry": _post(f"{_PAIR}/retry", note=CANARY),
    "pairs.move_deadline": _post(
        f"{_PAIR}/items/2.1%2F{PAIR}/deadline", due="2026-11-30", reason=CANARY
    ),
    "pairs.change_lead": _post(f"{_PAIR}/items/2.1%2F{PAIR}/lead", lead=MENTOR, reason=CANARY),
    "pairs.mark_not_applicable": _post(f"{_PAIR}/items/2.1%2F{PAIR}/not-applicable", reason=CANARY),
    "pairs.mark_applicable": _post(f"{_PAIR}/items/2.1%2F{PAIR}/applicable", reason=CANARY),
    "pairs.draft_again": _post(f"{_PAIR}/items/2.1%2F{PAIR}/results/plan/draft", reason=CANARY),
}
"""By the name of the route; free text is the canary."""
