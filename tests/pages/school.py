"""A school over a real database, whose workflows are the rules of the domain and nothing more.

So pages meet real rows, real sessions and real refusals, without an engine.
"""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar

import uvicorn
from sqlalchemy import Engine, text

from activities.tasks import KeptText, ObjectRecord, SaveProgress
from adapters.docx.as_text import document_text
from adapters.docx.templates import DocxTemplates
from adapters.log_keys import LogKeys
from adapters.organisation_files import read_organisations
from adapters.passwords import hashed
from adapters.people_files import read_people
from adapters.postgres.accounts import PostgresAccounts
from adapters.postgres.checkpoints import PostgresLog
from adapters.postgres.reads import PostgresReads
from adapters.postgres.witnesses import PostgresWitness
from adapters.report_files import read_report, report_file
from adapters.table_files import table_files, table_rules
from api.app import create_app
from api.services import Services
from domain import ids
from domain.approval import Approval
from domain.consents import ConsentNeed, PaperNeed
from domain.cycle_pairs import FormPairs
from domain.document_wishes import AttachSigned, Decide, Redraft
from domain.documents import DocumentState, Draft, Entry, Seal, Stage
from domain.errors import NotFound
from domain.messages import OrderInForce
from domain.pair import PairState
from domain.pairing import PairRequest
from domain.people import AccessRole, Actor, Form
from domain.process import Terms
from domain.programme import ProgrammeState
from domain.roadmap import Roadmap
from domain.routes import Outcome
from tests.adapters.world import KEYS, NOW, World, templates
from tests.api.listed import some_figures
from tests.api.readers import plain_days, plain_sheet
from tests.approval_builders import approved_by
from tests.fakes.bundles import a_bundle
from tests.fakes.files import MemoryFiles
from tests.fakes.scans import PlainScans
from tests.fakes.signatures import PlainSignatures
from tests.law import RULES
from tests.pages.deeds import Deeds
from tests.pages.rules import RulesGateway

EXAMPLES = Path(__file__).parents[2] / "doc_templates"
TABLES = table_rules(EXAMPLES)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PASSWORD = "сирень цветёт в мае"
TODAY = NOW + timedelta(days=14)


_KEEP_FACTS = text(
    """
    INSERT INTO facts (facts_id, organisation_id, document_id, version, sha256, body, people)
    VALUES (:id, :organisation, :document, :version, :sha256, :body, CAST(:people AS jsonb))
    """
)
_OWN_PASSWORD = text("UPDATE users SET password_hash = :hash WHERE login = :login")


@cache
def kept_password() -> str:
    """What is kept of `PASSWORD`."""
    return hashed(PASSWORD)


@cache
def rendered(kind: str, changed: str = "{}") -> bytes:
    """The example document of a kind, some of its facts changed (as JSON)."""
    facts = json.loads((EXAMPLES / kind / "example.json").read_text("utf-8"))
    return templates().render(kind, {**facts, **json.loads(changed)})


@dataclass
class School(Deeds):
    """An organisation with a cycle, a pair, papers, accounts, and its service."""

    worlds: ClassVar[type[World]] = World

    engine: Engine
    pdf: dict[str, bytes] = field(default_factory=dict)
    """Pages that are ready, by the hash of the DOCX."""
    now: datetime = TODAY
    documents: dict[str, DocumentState] = field(default_factory=dict)
    users: dict[str, Actor] = field(default_factory=dict)
    amended: dict[str, Any] = field(default_factory=dict)
    """What the next version says otherwise than the example."""

    def __post_init__(self) -> None:
        self.world = self.worlds.make(self.engine)
        self.files = MemoryFiles()
        self.scans = PlainScans()
        self.signatures = PlainSignatures()
        self.gateway = RulesGateway(self)
        self.accounts = PostgresAccounts(self.engine)
        for role, code in (
            (AccessRole.DIRECTOR, "director"),
            (AccessRole.CURATOR, "curator"),
            (AccessRole.AUDITOR, None),
        ):
            self.add_user(role, code)
        self.cycle = self._with_pair()
        self.world.save(self.cycle)
        self.pair_id = self.cycle.pairs[0].pair_id
        self.pair = self.cycle.pair(self.pair_id, self.now - timedelta(days=12))
        self.app = create_app(self.services())

    def _with_pair(self) -> ProgrammeState:
        pair = PairRequest(
            mentor_id=self.world.person("mentor"),
            mentee_id=self.world.person("mentee"),
            form=Form.TEACHER_TEACHER,
        )
        wish = FormPairs(by=self.users["curator"], pairs=(pair,))
        return self.world.planned().pairs_formed(wish, NOW)

    # People

    def login(self, role: str) -> str:
        return f"{role}.{self.world.organisation}"

    def add_user(self, role: AccessRole, code: str | None, *, own_password: bool = True) -> str:
        """An account; its password, one-time unless it is its own."""
        person = self.world.person(code) if code else None
        login = self.login(role)
        token = self.world.desk.add_user(self.world.organisation, role, person, login)
        user = self.world.views.user_by_token(token)
        self.users[role] = Actor(user_id=user.id, role=role, acts_for=user.acts_for)
        if not own_password:
            return self.accounts.reset_password(login)
        with self.engine.begin() as connection:  # quicker than by its one-time password
            connection.execute(_OWN_PASSWORD, {"hash": kept_password(), "login": login})
        return PASSWORD

    # Papers

    def paper(
        self,
        kind: str,
        *,
        since: int = 2,
        days: int = 5,
        of_pair: bool = False,
        route: Approval | None = None,
        facts: Mapping[str, Any] | None = None,
        document_id: str | None = None,
    ) -> str:
        """A drafted paper that has waited for the director for so many days, of so many given."""
        began = self.now - timedelta(days=since)
        cycle = self.cycle
        state = self.world.document(cycle).changed(
            document_id=document_id or ids.new_id(),
            kind=kind,
            pair_id=self.pair_id if of_pair else None,
            approval=route or approved_by(self.world.person("director")),
            registrar=self.world.person("curator"),
            drafter=self.world.person("curator"),
            terms=Terms(decide=days),
            since=began,
            item_id=None,
        )
        self.save(self._drafted(state, facts or {}, began))
        return state.document_id

    def redraft(self, document_id: str, facts: Mapping[str, Any]) -> None:
        """The next version, as the curator makes it."""
        state = self.documents[document_id]
        wish = Redraft(by=self.users["curator"], version=state.version)
        state.check_can_redraft(wish)
        self.save(self._drafted(state.redrafted(wish, self.now), facts, self.now))

    def decide(
        self, document_id: str, outcome: Outcome = Outcome.APPROVE, remark: str | None = None
    ) -> None:
        """The director decides elsewhere."""
        state = self.documents[document_id]
        assert state.draft is not None
        note = remark and self.text("remark", state.workflow_id, remark, "director")
        wish = Decide(
            by=self.users["director"],
            version=state.version,
            sha256=state.draft.sha256,
            outcome=outcome,
            note_id=note or None,
        )
        state.check_can_decide(wish)
        self.save(state.decided(wish, self.now))

    def sign(self, document_id: str, number: str, scan: bytes) -> None:
        """The approved paper gets its number, is signed and sealed."""
        state = self.documents[document_id]
        assert state.draft is not None
        entry = self._entry(state, number)
        signed = self._keep(document_id, state.version, "signed", scan, "application/pdf")
        seal = Seal(**signed.model_dump(include={"key", "sha256", "stored_sha256", "size"}))
        attached = AttachSigned(
            by=self.users["curator"],
            version=state.version,
            media_type="application/pdf",
            **signed.model_dump(include={"sha256", "size"}),
        )
        state = state.changed(stage="registering").registered(entry, self.now)
        self.save(state.attached(attached, self.now).sealed(seal, self.now))

    def text(self, kind: str, subject: str, words: str, role: str = "curator") -> str:
        """What somebody wrote."""
        return self.world.desk.keep_text(
            KeptText(
                id=ids.new_id(),
                organisation_id=self.world.organisation,
                kind=kind,
                subject=subject,
                author=self.users[role].user_id,
                body={"text": words},
            )
        )

    def move_pair(self, order_id: str, agreement_id: str) -> None:
        """The pair has its consents and its order, and has met once less than it must."""
        pair = self.pair
        needs = tuple(
            ConsentNeed(
                person_id=person,
                kind="consent_adult",
                document_id=agreement_id,
                norm="Федеральный закон № 152-ФЗ, ст. 9",
                in_force=True,
            )
            for person in (pair.mentor_id, pair.mentee_id)
        )
        paper = PaperNeed(
            kind="agreement",
            norm="Трудовой кодекс РФ, ст. 351.8",
            document_id=agreement_id,
            in_force=True,
        )
        state: PairState = pair.package_found(needs, (paper,), self.now - timedelta(days=11))
        state = state.order_came(OrderInForce(document_id=order_id), self.now - timedelta(days=9))
        self.go_on(state)

    # Workflows

    def state(self, workflow_id: str) -> DocumentState | PairState | ProgrammeState:
        kind, _, id_ = workflow_id.partition("/")
        if kind == "document":
            return self.documents[id_]
        return self.pair if kind == "pair" else self.cycle

    def today(self) -> date:
        return self.now.date()

    def go_on(self, state: DocumentState | PairState | ProgrammeState) -> None:
        """Save it; a document that is to be drafted or numbered is, at once."""
        match state:
            case DocumentState(stage=Stage.DRAFTING):
                self.save(self._drafted(state, self.amended, self.now))
            case DocumentState(stage=Stage.REGISTERING):
                number = state.typed.number if state.typed else "7-о"
                self.save(state.registered(self._entry(state, number), self.now))
            case DocumentState():
                self.save(state)
            case PairState():
                self.world.save(state)
                self.pair = state.saved(state)
            case _:
                self.world.save(state)
                self.cycle = state.saved(state)

    def save(self, state: DocumentState) -> None:
        """Rows, as the ledger writes them for a workflow."""
        self.world.ledger.save(
            SaveProgress(state=state.to_save(), now=self.now, at_work=False, waiting_until=None)
        )
        self.documents[state.document_id] = state.saved(state)

    def _entry(self, state: DocumentState, number: str) -> Entry:
        kept = self._keep(state.document_id, state.version, "registered", rendered(state.kind))
        return Entry(number=number, day=self.now.date(), sha256=kept.sha256)

    def _drafted(
        self, state: DocumentState, facts: Mapping[str, Any], at: datetime
    ) -> DocumentState:
        content = rendered(state.kind, json.dumps(dict(facts), sort_keys=True))
        record = self._keep(state.document_id, state.version, "draft", content)
        example = json.loads((EXAMPLES / state.kind / "example.json").read_text("utf-8"))
        body = json.dumps({**_defaults(state.kind), **example, **facts})
        given: dict[str, Any] = {
            "id": ids.new_id(),
            "organisation": self.world.organisation,
            "document": state.document_id,
            "version": state.version,
            "sha256": sha256(body.encode()).hexdigest(),
            "people": json.dumps([self.world.person("mentor"), self.world.person("mentee")]),
            "body": body,
        }
        with self.engine.begin() as connection:
            connection.execute(_KEEP_FACTS, given)
        draft = Draft(facts_id=given["id"], facts_sha256=given["sha256"], sha256=record.sha256)
        return state.drafted(draft, at)

    def _keep(
        self, document_id: str, version: int, role: str, content: bytes, media_type: str = DOCX
    ) -> ObjectRecord:
        key = f"{role}/{document_id}/{version}"
        desk, organisation = self.world.desk, self.world.organisation
        desk.make_key(key, organisation, document_id)
        stored = self.files.put_once(key, content, desk.data_key(key))
        record = ObjectRecord(
            organisation_id=organisation,
            document_id=document_id,
            version=version,
            role=role,
            key_id=key,
            media_type=media_type,
            **dict(stored),
        )
        desk.record_object(record)
        return record

    # The service

    def services(self) -> Services:
        return Services(
            gateway=self.gateway,
            views=self.world.views,
            desk=self.world.desk,
            files=self.files,
            read_people=read_people,
            report_file=report_file,
            read_report=read_report,
            read_organisations=read_organisations,
            roadmaps=_no_roadmap,
            roadmap_names=tuple,
            package_rules=RULES,
            known_kinds=templates().known_kinds(),
            kinds={kind: templates().kind(kind) for kind in templates().kinds()},
            templates=DocxTemplates(templates()),
            pdf_copy=lambda sha256, _: self.pdf[sha256],
            made_copy=self.pdf.get,
            scans=self.scans,
            signatures=self.signatures,
            journal_file=lambda book, ending: f"PK {ending} {book.year}".encode(),
            sheet_file=plain_sheet,
            table_file=table_files(TABLES),
            tables=TABLES,
            read_days=plain_days,
            pdf_begun=lambda sha256, _: sha256 in self.pdf,
            document_text=document_text,
            accounts=self.accounts,
            bundle=a_bundle,
            reads=PostgresReads(self.engine),
            log=PostgresLog(self.engine, LogKeys(KEYS)),
            witness=PostgresWitness(self.engine, LogKeys(KEYS)),
            now=lambda: self.now,
            figures=some_figures,
            canary=lambda: None,
        )


def _defaults(kind: str) -> dict[str, Any]:
    return {name: field.default for name, field in templates().fields(kind).items()}


def _no_roadmap(name: str) -> Roadmap:
    raise NotFound(name)


@contextmanager
def served(school: School) -> Iterator[str]:
    """The school's pages at an address of this machine."""
    server = uvicorn.Server(uvicorn.Config(school.app, host="127.0.0.1", port=0, log_config=None))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            threading.Event().wait(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
