"""An app over fakes, and its people."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import httpx
from fastapi import FastAPI

from activities.organisation_ports import NewBelow
from activities.ports import Signatures, Templates
from activities.tasks import KeptText, NumberWish, ObjectRecord
from activities.yearly_ports import NewYearly
from adapters.postgres.views import BodyLine, JournalBook, User
from adapters.russian import name_forms
from api.app import PREFIX, create_app
from api.metrics import Figures
from api.services import Bundle, Services
from domain.canary import CanaryResult
from domain.enrolment import Enrolment
from domain.errors import NotFound
from domain.grounds import Ground
from domain.organisations import Level, NewOrganisation
from domain.people import AccessRole
from domain.report_forms import Figure, ReportForm
from domain.roadmap import Roadmap
from tests.api.calls import (
    ACT,
    CALLS,
    CANARY,
    COUNCIL,
    CURATOR,
    CYCLE,
    DETECTED,
    DIRECTOR,
    DOCUMENT,
    DOCX,
    INCIDENT,
    MENTOR,
    NOVICE,
    NOW,
    OURS,
    PAIR,
    PDF,
    TEXT,
    THEIRS,
    YEARLY,
)
from tests.api.legal import GROUND, a_kind
from tests.api.listed import a_person, an_enrolment, plain_text, some_figures, what_is_due
from tests.api.nested import BELOW_CODE, UPPER, an_organisation
from tests.api.readers import a_reading_list, plain_days, plain_sheet
from tests.api.rights import a_desk
from tests.api.running import a_running_cycle
from tests.api.sitting_requests import convene
from tests.fakes.accounts import FakeAccounts
from tests.fakes.branches import BELOW_ROADMAP, an_invitation
from tests.fakes.bundles import a_bundle
from tests.fakes.desk import FakeDesk
from tests.fakes.events import happen
from tests.fakes.files import MemoryFiles
from tests.fakes.gateway import FakeGateway
from tests.fakes.log import FakeLog, FakeWitness
from tests.fakes.reads import FakeReads
from tests.fakes.scans import PlainScans
from tests.fakes.signatures import PlainSignatures, a_check
from tests.fakes.templates import PlainTemplates
from tests.fakes.verification import an_incident
from tests.fakes.views import FakeViews, a_document_view
from tests.law import KINDS as LAW_KINDS
from tests.law import RULES
from tests.roadmap_builders import KINDS, a_roadmap

_APPS: list[FastAPI] = []


def the_app(services: Services) -> FastAPI:
    """One app for all tests, since making one takes longer than a test; its services are new."""
    if not _APPS:
        _APPS.append(create_app(services))
    _APPS[0].state.services = services
    return _APPS[0]


@dataclass
class House:
    """The app and all that it was given. `ask` is the way in."""

    desk: FakeDesk = field(default_factory=a_desk)
    gateway: FakeGateway = field(default_factory=FakeGateway)
    files: MemoryFiles = field(default_factory=MemoryFiles)
    scans: PlainScans = field(default_factory=PlainScans)
    signatures: Signatures = field(
        default_factory=lambda: PlainSignatures(a_check("Соколова Нина Петровна"))
    )
    copies: dict[str, bytes] = field(default_factory=dict)  # at hand, by SHA-256
    templates: Templates = field(default_factory=lambda: PlainTemplates("order_curator"))
    accounts: FakeAccounts = field(default_factory=FakeAccounts)
    bundles: dict[tuple[str, str], Bundle] = field(default_factory=dict)  # others are plain
    reads: FakeReads = field(default_factory=FakeReads)
    witness: FakeWitness = field(default_factory=FakeWitness)
    read: list[tuple[bytes, date]] = field(default_factory=list)
    spoilt: Exception | None = None  # what reading a spreadsheet or making a copy raises
    rehearsal: bool = False
    metrics_token: str | None = None
    canary: CanaryResult | None = DETECTED
    requests: int = 0

    def __post_init__(self) -> None:
        self.views = FakeViews(self.desk)
        self.roadmap = a_roadmap(
            roles={
                "curator": {"title": "Куратор"},
                "director": {"title": "Директор"},
                "council": {"title": "Совет", "holder": "body"},
                "mentor": {"title": "Наставник", "holder": "mentor"},
            }
        )
        for organisation, prefix in ((OURS, "nst_"), (THEIRS, "nst_their_")):
            for number, role in enumerate(AccessRole):
                self.views.users[prefix + role] = User(
                    id=f"{number}" * 16 if organisation == OURS else f"{number + 5}" * 16,
                    organisation_id=organisation,
                    role=role,
                    person_id=DIRECTOR,
                    acts_for=(DIRECTOR, COUNCIL),
                )
        self.views.running_cycles.append(a_running_cycle(self.roadmap, OURS, CYCLE, CURATOR))
        for thing in (f"cycle/{CYCLE}", f"pair/{PAIR}", f"document/{DOCUMENT}"):
            self.views.processes.add((OURS, thing))
        self.views.documents[OURS, DOCUMENT] = a_document_view(DOCUMENT)
        self.views.listed = (
            a_person(DIRECTOR, "D-01"),
            a_person(CURATOR, "K-01"),
            a_person(MENTOR, "M-01", 4),
            a_person(NOVICE, "N-01", 3),
        )
        self.views.listed_bodies = (BodyLine(id=COUNCIL, code="PS", name="Педагогический совет"),)
        convene(self.desk, OURS, COUNCIL, CYCLE, DIRECTOR, CURATOR, MENTOR)
        for line in ("6" * 16, "7" * 16):
            wish = NumberWish(
                id=line,
                organisation_id=OURS,
                journal="orders",
                by=DIRECTOR,
                at=NOW,
                reason_id=line,
            )
            self.desk.reserve_number(wish)
        self.desk.grounds[OURS, ACT] = Ground.model_validate({**GROUND, "id": ACT, "own": True})
        readers = a_reading_list(DOCUMENT, DIRECTOR, MENTOR, child=NOVICE)
        self.desk.sheets.lists[OURS, DOCUMENT] = readers
        self.desk.retention.due = (what_is_due(self.views.documents[OURS, DOCUMENT]),)
        self.desk.noticed.lines[OURS, INCIDENT] = an_incident(INCIDENT, PAIR, NOW)
        happen(self.desk.happened, OURS, CYCLE, NOW)
        standing = NewYearly(
            order_id=YEARLY,
            organisation_id=OURS,
            roadmap_name=BELOW_ROADMAP,
            holders={"curator": CURATOR, "director": DIRECTOR, "council": COUNCIL},
            by=DIRECTOR,
            at=NOW,
        )
        self.desk.keep_yearly(standing)
        known = (an_organisation(code=BELOW_CODE),)
        self.desk.add_below(NewBelow(upper_id=OURS, organisations=known, by=DIRECTOR, at=NOW))
        self.views.invited[OURS, UPPER, 3] = an_invitation(UPPER)
        self.desk.names[OURS, NOVICE] = name_forms("Заяц", "Илья", "Львович", "m")
        services = Services(
            gateway=self.gateway,
            views=self.views,
            desk=self.desk,
            files=self.files,
            read_people=self._read_people,
            read_organisations=self._read_organisations,
            report_file=lambda form, ending: f"PK {ending} {form.key}".encode(),
            read_report=self._read_report,
            roadmaps=self._roadmap,
            roadmap_names=lambda: (self.roadmap.roadmap,),
            package_rules=RULES,
            known_kinds=KINDS,
            kinds={
                **LAW_KINDS,
                "order_curator": a_kind(),
                "inspection_checklist": a_kind(
                    kind="inspection_checklist", approver=None, journal=None, of_organisation=True
                ),
                "individual_plan": a_kind(scope="pair"),
                "destruction_act": a_kind(kind="destruction_act", journal="destruction_acts"),
            },
            templates=self.templates,
            pdf_copy=self._pdf_copy,
            made_copy=self.copies.get,
            scans=self.scans,
            signatures=self.signatures,
            journal_file=self._journal_file,
            sheet_file=plain_sheet,
            table_file=lambda known, address: f"PK {known.kind} {address}".encode(),
            tables={"order_pairs"},
            read_days=plain_days,
            pdf_begun=lambda *_: True,
            document_text=plain_text,
            accounts=self.accounts,
            bundle=lambda what, id_: self.bundles.get((what, id_), a_bundle(what, id_)),
            reads=self.reads,
            log=FakeLog(),
            witness=self.witness,
            now=lambda: NOW,
            figures=self._figures,
            canary=lambda: self.canary,
            version="1.2.3",
            metrics_token=self.metrics_token,
            rehearsal=self.rehearsal,
        )
        # An error that gets out of the app is raised.
        self.app = the_app(services)
        transport = httpx.ASGITransport(self.app)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://house")

    async def ask(
        self,
        role: AccessRole | str | None,
        method: str,
        path: str,
        *,
        key: str | None = "",
        **given: Any,  # noqa: ANN401 - whatever httpx takes
    ) -> httpx.Response:
        """A request by an account of this role, or of a token that is made up.

        A POST has a key of its own unless `key` says otherwise; None leaves it out.
        """
        headers: dict[str, str] = {"Authorization": f"Bearer nst_{role}"} if role else {}
        if key == "":
            self.requests += 1
            key = f"key-{self.requests}"
        if method == "POST" and key is not None:
            headers["Idempotency-Key"] = key
        headers |= given.pop("headers", {})
        return await self.client.request(method, path, headers=headers, **given)

    async def call(
        self,
        name: str,
        role: AccessRole | str = "",
        *,
        key: str | None = "",
        **given: Any,  # noqa: ANN401 - whatever httpx takes
    ) -> httpx.Response:
        """The lawful request of a route, or with parts `given` otherwise."""
        call = CALLS[name]
        known = {**({"json": call.json} if call.json is not None else {}), **call.other}
        return await self.ask(
            role or call.role, call.method, PREFIX + call.path, key=key, **{**known, **given}
        )

    def fill(self) -> None:
        """A signed file and a text, so that what reads them finds them."""
        self.desk.keep_text(
            KeptText(
                id=TEXT,
                organisation_id=OURS,
                kind="remark",
                subject=f"document/{DOCUMENT}",
                author=DIRECTOR,
                body={"text": CANARY},
            )
        )
        self.put("signed", 2, PDF, "application/pdf")
        self.put("draft", 2, b"PK draft", DOCX)
        self.put("incoming", 1, PDF, "application/pdf")

    def put(self, role: str, version: int, content: bytes, media_type: str) -> ObjectRecord:
        """Store an object of the document, as the activities do."""
        key = f"{role}/{DOCUMENT}/{version}"
        self.desk.make_key(key, OURS, DOCUMENT)
        stored = self.files.put_once(key, content, self.desk.data_key(key))
        record = ObjectRecord(
            organisation_id=OURS,
            document_id=DOCUMENT,
            version=version,
            role=role,
            key_id=key,
            media_type=media_type,
            **dict(stored),
        )
        self.desk.record_object(record)
        return record

    def wish(self) -> Any:  # noqa: ANN401 - one of many commands
        """The only wish that was made."""
        ((_, wish, _),) = self.gateway.sent
        return wish

    def _read_people(self, content: bytes, today: date) -> Enrolment:
        self.read.append((content, today))
        if self.spoilt is not None:
            raise self.spoilt
        return an_enrolment()

    def _read_organisations(self, content: bytes, upper: Level) -> tuple[NewOrganisation, ...]:
        if self.spoilt is not None:
            raise self.spoilt
        return (an_organisation(), an_organisation(code="s-2", name="Школа № 2", outside=True))

    def _read_report(self, content: bytes, ending: str, form: ReportForm) -> dict[str, Figure]:
        if self.spoilt is not None:
            raise self.spoilt
        return {"pairs": len(content)}

    def _pdf_copy(self, sha256: str, document: bytes) -> bytes:
        if self.spoilt is not None:
            raise self.spoilt
        return PDF + sha256.encode() + document

    def _journal_file(self, book: JournalBook, ending: str) -> bytes:
        if self.spoilt is not None:
            raise self.spoilt
        return f"PK {ending} {book.name} {book.year}".encode()

    def _figures(self) -> Figures:
        if self.desk.failure is not None:
            raise self.desk.failure
        return some_figures()

    def _roadmap(self, name: str) -> Roadmap:
        if name == BELOW_ROADMAP:
            return self.roadmap.changed(roadmap=name)
        if name != self.roadmap.roadmap:
            raise NotFound(f"there is no roadmap {name}")
        return self.roadmap
