"""Rows to read, as the views would show them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Literal

from adapters.legal_acts import act_words, cited_words
from adapters.postgres.assignment_views import AssignmentLine
from adapters.postgres.body_views import BodyView, SittingLine, SittingView
from adapters.postgres.news_views import NewsLine
from adapters.postgres.retention_views import ChoiceLine, RetentionPage
from adapters.postgres.views import (
    AuthorityLine,
    BodyLine,
    ChainView,
    CyclePast,
    CycleView,
    DocumentLine,
    DocumentView,
    GroundLine,
    InboxTask,
    KnownFile,
    LogAsked,
    LogPage,
    Named,
    NameQuestion,
    NamesView,
    NoticeLine,
    ObjectLine,
    PairLine,
    PairPast,
    PairView,
    PersonLine,
    ReadsAsked,
    ReadsPage,
    TextView,
    TimelineEvent,
    User,
)
from domain.errors import NotFound
from domain.layout_settings import LayoutSettings
from domain.names import CASES
from domain.people import AccessRole
from domain.programme import ProgrammeState
from domain.signatories import Signatory, SignaturePlace
from domain.templates import TemplateVersion
from tests.fakes.branches import FakeBranchViews
from tests.fakes.desk import FakeDesk
from tests.fakes.events import FakeEventViews
from tests.fakes.form_views import FakeFormViews
from tests.fakes.indicators import FakeIndicatorViews
from tests.fakes.journal_views import FakeJournalViews
from tests.fakes.launches import FakeLaunchViews
from tests.fakes.sheets import FakeSheetViews
from tests.fakes.verification import FakeIncidentViews
from tests.fakes.waiting import FakeWaitingViews

AT = datetime(2026, 9, 2, 9, tzinfo=UTC)
DIRECTOR = Named(id="a" * 16, name="Соколова Н. П.")


class FakeViews(
    FakeSheetViews,
    FakeIndicatorViews,
    FakeEventViews,
    FakeLaunchViews,
    FakeIncidentViews,
    FakeJournalViews,
    FakeBranchViews,
    FakeWaitingViews,
):
    """Reads of what a test puts in, and of the objects that the desk recorded."""

    def __init__(self, desk: FakeDesk) -> None:
        FakeFormViews.__init__(self)
        self.users: dict[str, User] = {}
        self.listed: tuple[PersonLine, ...] = ()
        self.listed_bodies: tuple[BodyLine, ...] = ()
        self.documents: dict[tuple[str, str], DocumentView] = {}
        self.asked: list[tuple[str, AccessRole, datetime]] = []
        self.files: dict[str, KnownFile] = {}
        self.assigned: list[AssignmentLine] = []
        self.asked_of_log: list[tuple[str, LogAsked]] = []
        self.asked_of_reads: list[tuple[str, ReadsAsked, int | None, int]] = []
        self.reported: list[tuple[str, tuple[str, ...] | None, str | None, datetime]] = []
        self.places: tuple[SignaturePlace, ...] = (
            SignaturePlace(
                id="director",
                title="Руководитель",
                people=(Signatory(person_id=DIRECTOR.id, name="Соколова Нина Петровна"),),
            ),
        )
        self._desk = desk
        self.sheets = desk.sheets
        self.organisations = desk.organisations
        self.orders = desk.orders
        self.invited = {}
        self.running_cycles = []
        self.entered = desk.indicators
        self.happened = desk.happened
        self.proved = {}
        self.noticed = desk.noticed
        self.registers: dict[str, tuple[PairLine, ...]] = {}  # by cycle

    def user_by_token(self, token: str) -> User:
        if token not in self.users:
            raise NotFound("no account has this token")
        return self.users[token]

    def time_zone(self, organisation_id: str) -> str:
        return "Asia/Vladivostok"

    def has_process(self, organisation_id: str, workflow_id: str) -> bool:
        return (organisation_id, workflow_id) in self.processes

    def templates(self, organisation_id: str, kind: str) -> tuple[TemplateVersion, ...]:
        kept = self._desk.template_versions.values()
        return tuple(one for place, one, _ in kept if place == (organisation_id, kind))

    def template(self, organisation_id: str, kind: str, version: int) -> bytes:
        for place, one, content in self._desk.template_versions.values():
            if place == (organisation_id, kind) and one.version == version:
                return content
        raise NotFound("no such version of a template")

    def layout(self, organisation_id: str) -> LayoutSettings:
        kept = [
            one.settings
            for one in self._desk.layouts.values()
            if one.organisation_id == organisation_id
        ]
        return kept[-1] if kept else LayoutSettings()

    def people(self, organisation_id: str) -> tuple[PersonLine, ...]:
        return self.listed

    def names(self, organisation_id: str, person_id: str) -> NamesView:
        if (organisation_id, person_id) not in self._desk.names:
            raise NotFound("no such person")
        forms = self._desk.names[organisation_id, person_id]
        by = forms.corrected_by and Named(id=forms.corrected_by, name="Куратор")
        return NamesView(person_id=person_id, forms=forms, corrected_by=by or None)

    def name_questions(self, organisation_id: str) -> tuple[NameQuestion, ...]:
        return tuple(
            NameQuestion(
                person_id=person_id,
                title=f"Как склоняется «{forms.nomn.full}»?",
                unsure=forms.unsure,
                guess={case: forms.form(case).full for case in CASES},
            )
            for (owner, person_id), forms in self._desk.names.items()
            if owner == organisation_id and forms.unsure
        )

    def news(
        self, organisation_id: str, acts_for: Sequence[str], now: datetime
    ) -> tuple[NewsLine, ...]:
        return ()

    def bodies(self, organisation_id: str) -> tuple[BodyLine, ...]:
        return self.listed_bodies

    def body(self, organisation_id: str, body_id: str, on: date) -> BodyView:
        code = next((one.code for one in self.listed_bodies if one.id == body_id), "")
        return self._desk.sittings.body(organisation_id, body_id, code, on)

    def bodies_on(self, organisation_id: str, on: date) -> tuple[BodyView, ...]:
        return tuple(self.body(organisation_id, one.id, on) for one in self.listed_bodies)

    def sittings(self, organisation_id: str, body_id: str | None = None) -> tuple[SittingLine, ...]:
        return self._desk.sittings.lines(organisation_id, body_id)

    def sitting(self, organisation_id: str, sitting_id: str) -> SittingView:
        reasons = {one.id: str(one.body.get("text")) for one in self._desk.texts.values()}
        return self._desk.sittings.view(organisation_id, sitting_id, reasons)

    def called_sittings(self, organisation_id: str) -> dict[str, str]:
        return self._desk.sittings.called_for(organisation_id)

    def inbox(
        self, organisation_id: str, acts_for: tuple[str, ...], role: AccessRole, now: datetime
    ) -> tuple[InboxTask, ...]:
        self.asked.append((organisation_id, role, now))
        return ()

    def waiting(
        self, organisation_id: str, workflow_id: str, acts_for: tuple[str, ...], now: datetime
    ) -> tuple[InboxTask, ...]:
        return ()

    def cycles(self, organisation_id: str) -> tuple[str, ...]:
        known = sorted(workflow for owner, workflow in self.processes if owner == organisation_id)
        return tuple(w.removeprefix("cycle/") for w in known if w.startswith("cycle/"))

    def cycle(self, organisation_id: str, cycle_id: str, now: datetime) -> CycleView:
        self._check(organisation_id, f"cycle/{cycle_id}")
        return CycleView(
            cycle_id=cycle_id,
            roadmap="polytech",
            roadmap_version=1,
            title="Программа",
            start=AT.date(),
            ends=date(2027, 9, 30),
            stage="running",
            trouble=None,
            pairs=0,
            pairs_open=0,
            documents=0,
            tasks=0,
            tasks_late=0,
            items=(),
        )

    def register(self, organisation_id: str, cycle_id: str) -> tuple[PairLine, ...]:
        if cycle_id in self.registers:
            return self.registers[cycle_id]
        self._check(organisation_id, f"cycle/{cycle_id}")
        return ()

    def notices(self, organisation_id: str, cycle_id: str) -> tuple[NoticeLine, ...]:
        self._check(organisation_id, f"cycle/{cycle_id}")
        return ()

    def pair(self, organisation_id: str, pair_id: str) -> PairView:
        self._check(organisation_id, f"pair/{pair_id}")
        return PairView(
            pair_id=pair_id,
            cycle_id="c" * 16,
            mentor=DIRECTOR,
            mentee=DIRECTOR,
            form="teacher_teacher",
            form_title="Педагог — педагог",
            role_model=None,
            role_model_title=None,
            mentor_type=None,
            turn=1,
            stage="agreement",
            stage_title="Соглашение",
            open=True,
            package=(),
            at_work=False,
            waiting_until=None,
            trouble=None,
            documents=(),
        )

    def timeline(self, organisation_id: str, asked: LogAsked) -> LogPage:
        self._check(organisation_id, f"pair/{asked.pair_id}")
        return self.log(organisation_id, asked)

    def log(self, organisation_id: str, asked: LogAsked) -> LogPage:
        self.asked_of_log.append((organisation_id, asked))
        return LogPage(lines=(), next=None)

    def reads(
        self, organisation_id: str, asked: ReadsAsked, before: int | None = None, limit: int = 50
    ) -> ReadsPage:
        self.asked_of_reads.append((organisation_id, asked, before, limit))
        return ReadsPage(lines=(), next=None)

    def pair_past(self, organisation_id: str, pair_id: str, on: date) -> PairPast:
        self._check(organisation_id, f"pair/{pair_id}")
        return PairPast(on=on, last_entry=None, pair=None, documents=(), rows=())

    def cycle_past(self, organisation_id: str, cycle_id: str, on: date) -> CyclePast:
        self._check(organisation_id, f"cycle/{cycle_id}")
        return CyclePast(
            on=on,
            last_entry=None,
            stage=None,
            turns_closed=0,
            pairs=(),
            documents=(),
            rows=(),
        )

    def document(self, organisation_id: str, document_id: str) -> DocumentView:
        if (organisation_id, document_id) not in self.documents:
            raise NotFound("no such document")
        document = self.documents[organisation_id, document_id]
        return document.changed(objects=self.objects(organisation_id, document_id))

    def document_assignments(
        self, organisation_id: str, document_id: str, now: datetime
    ) -> tuple[AssignmentLine, ...]:
        self.document(organisation_id, document_id)
        return tuple(one for one in self.assigned if one.document.document_id == document_id)

    def assignments(
        self,
        organisation_id: str,
        controllers: tuple[str, ...] | None,
        state: Literal["open", "late", "done"] | None,
        now: datetime,
    ) -> tuple[AssignmentLine, ...]:
        self.reported.append((organisation_id, controllers, state, now))
        return tuple(self.assigned)

    def retention(self, organisation_id: str, on: date) -> RetentionPage:
        del organisation_id
        return self._desk.retention.page(on)

    def closed_cycle(self, organisation_id: str, cycle_id: str) -> ProgrammeState | None:
        return self._desk.retention.closed.get(cycle_id)

    def retention_choices(self, organisation_id: str, on: date) -> tuple[ChoiceLine, ...]:
        return self._desk.retention.chosen(on)

    def history(self, organisation_id: str, document_id: str) -> tuple[TimelineEvent, ...]:
        return ()

    def signature_places(
        self, organisation_id: str, document_id: str, now: datetime
    ) -> tuple[SignaturePlace, ...]:
        if (organisation_id, document_id) not in self.documents:
            raise NotFound("no such document")
        return self.places

    def file_by_hash(self, sha256: str) -> KnownFile | None:
        return self.files.get(sha256)

    def document_by_code(self, document_id: str) -> KnownFile | None:
        known = (one for one in self.files.values() if one.document_id == document_id)
        return next(known, None)

    def chain(self, organisation_id: str, document_id: str, on: date) -> ChainView:
        line = _line_of(self.document(organisation_id, document_id))
        return ChainView(on=on, base=line, steps=())

    def document_register(
        self, organisation_id: str, on: date, kind: str | None = None
    ) -> tuple[DocumentLine, ...]:
        ours = (one for (owner, _), one in self.documents.items() if owner == organisation_id)
        return tuple(_line_of(one) for one in ours if kind in (None, one.kind))

    def grounds(self, organisation_id: str, on: date) -> tuple[GroundLine, ...]:
        return tuple(
            GroundLine(
                **dict(act),
                words=act_words(act),
                cited=cited_words(act, "ablt"),
                in_force=act.is_in_force(on),
                lost=act.is_lost(on),
            )
            for act in self._desk.listed_grounds(organisation_id)
        )

    def authorities(self, organisation_id: str, on: date) -> tuple[AuthorityLine, ...]:
        return self._desk.mandates.lines(organisation_id, on, self._desk.texts)

    def text(self, organisation_id: str, text_id: str) -> TextView:
        kept = self._desk.texts.get(text_id)
        if kept is None or kept.organisation_id != organisation_id:
            raise NotFound("no such text")
        same = kept.model_dump(include={"id", "kind", "subject", "body"})
        return TextView(**same, author=Named(id=kept.author, name=kept.author), recorded_at=AT)

    def objects(self, organisation_id: str, document_id: str) -> tuple[ObjectLine, ...]:
        return tuple(
            ObjectLine(**one.model_dump(exclude={"organisation_id"}))
            for one in self._desk.objects.values()
            if (one.organisation_id, one.document_id) == (organisation_id, document_id)
        )


def _line_of(document: DocumentView) -> DocumentLine:
    return DocumentLine.model_validate(document.model_dump(include=set(DocumentLine.model_fields)))


def a_document_view(document_id: str, **fields: object) -> DocumentView:
    """An order that has a number and waits for its signature."""
    known: dict[str, object] = {
        "document_id": document_id,
        "kind": "order_pairs",
        "title": "Приказ о закреплении пар",
        "stage": "to_sign",
        "version": 2,
        "sha256": "a" * 64,
        "number": "12-о",
        "day": date(2026, 9, 2),
        "pair_id": None,
        "person_id": None,
        "cycle_id": "c" * 16,
        "item_id": "1.5",
        "result_id": "order",
        "drafter": DIRECTOR,
        "approvers": [DIRECTOR],
        "registrar": DIRECTOR,
        "since": AT,
        "draft_sha256": "b" * 64,
        "registered_sha256": "a" * 64,
        "signed_sha256": None,
        "stored_key": None,
        "stored_sha256": None,
        "trouble": None,
        "objects": (),
    }
    return DocumentView.model_validate({**known, **fields})
