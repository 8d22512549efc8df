"""One POST at work: what it may write before, and what it asks of a workflow."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TypeVar

from starlette.concurrency import run_in_threadpool

from activities.tasks import KeptText, Launch, ObjectRecord
from api import choosing, legal_schemas, schemas
from api.routes.reading import GroundLine, NamesView, ObjectLine, User
from api.services import Services
from api.uploads import PDF
from domain import ids
from domain.assignments import INPUT, AssignmentAsked
from domain.documents import Stage
from domain.errors import BytesChanged, NotFound, ProofMissing, WrongState
from domain.extras import DraftDocument, documents_asked
from domain.grounds import Ground, GroundEnd
from domain.names import NameCorrection
from domain.pairing import PairRequest
from domain.people import Actor
from domain.process import Command
from domain.programme import ProgrammeState
from domain.scans import CheckedScan
from domain.transfers import RECIPIENT, check_recipient

C = TypeVar("C", bound=Command)


@dataclass(frozen=True)
class Act:
    """Who acts, when by the clock of the processes, and the id from which all other ids follow.

    So doing it again makes nothing twice. What is kept before a workflow refuses stays, unnamed
    by anything.
    """

    services: Services
    user: User
    request_id: str
    clock_offset: int
    now: datetime

    async def reach(self, workflow_id: str) -> str:
        """The workflow's id, if the user's organisation has it. Raises `NotFound`."""
        views, organisation = self.services.views, self.user.organisation_id
        if not await run_in_threadpool(views.has_process, organisation, workflow_id):
            raise NotFound(f"there is no {workflow_id}")
        return workflow_id

    async def keep(
        self, kind: str, subject: str, body: Mapping[str, object], id_: str | None = None
    ) -> str | None:
        """Keep what a person wrote about `subject`; its id, or None if nothing was written.

        What has an `id_` already is kept once, whoever writes it.
        """
        written = {name: value for name, value in body.items() if value is not None}
        if not written:
            return None
        text = KeptText(
            id=id_ or self._id_of(kind),
            organisation_id=self.user.organisation_id,
            kind=kind,
            subject=subject,
            author=self.user.id,
            body=written,
        )
        return await run_in_threadpool(self.services.desk.keep_text, text)

    async def keep_inputs(self, document: str, said: Mapping[str, object]) -> str | None:
        """Keep the facts that a person gave; people who are to do something are named by id then.

        Raises `FactMissing` if assignments are no table of them, `NotFound` for a person, and as
        `check_recipient` does.
        """
        if RECIPIENT in said:
            await run_in_threadpool(self._check_recipient, said)
        if INPUT in said:
            given = await run_in_threadpool(self._assignments, said[INPUT])
            said = {**said, INPUT: given}
        return await self.keep("inputs", document, said)

    async def send(
        self, workflow_id: str, wish: type[Command], note_id: str | None = None, **fields: object
    ) -> schemas.Answered:
        """Make a wish of this class with these fields, in the user's name; see `Gateway.send`."""
        return await self.make(workflow_id, self.wish(wish, note_id=note_id, **fields))

    async def make(self, workflow_id: str, wish: Command) -> schemas.Answered:
        """Make the wish; see `Gateway.send`."""
        answer = await self.services.gateway.send(workflow_id, wish, self.request_id)
        return schemas.Answered(workflow_id=workflow_id, revision=answer.revision)

    def wish(self, wish: type[C], **fields: object) -> C:
        """A wish of this class with these fields, in the user's name."""
        by = Actor(user_id=self.user.id, role=self.user.role, acts_for=self.user.acts_for)
        return wish.model_validate({**fields, "by": by, "clock_offset": self.clock_offset})

    async def check_signed(
        self, document_id: str, version: int, files: tuple[bytes, ...]
    ) -> CheckedScan:
        """The scan of a version's signed paper as one PDF. Raises as `Scans.check` does."""
        return await run_in_threadpool(self._check_signed, document_id, version, files)

    async def store_proof(self, document_id: str, files: tuple[bytes, ...]) -> schemas.Proof:
        """Check files that a remark will name, and keep them as one PDF, as `store` does."""
        scan = await run_in_threadpool(self.services.scans.check, files)
        stored = await self.store(document_id, 1, scan.content)
        return schemas.Proof(**dict(stored), scan=scan.check)

    async def store(
        self, document_id: str, version: int, content: bytes, media_type: str = PDF
    ) -> schemas.Uploaded:
        """Keep an upload in `incoming/`; its key is durable before its first byte is.

        Raises `WrongState`, and keeps nothing, if the document was withdrawn.
        """
        return await run_in_threadpool(self._store, document_id, version, content, media_type)

    async def check_stored(self, document_id: str, sha256: str | None) -> None:
        """Raises `ProofMissing` if a file is named that was not uploaded for this."""
        if sha256 is not None:
            await self.stored(document_id, sha256)

    async def stored(self, document_id: str, sha256: str) -> ObjectLine:
        """A file that was uploaded for this. Raises `ProofMissing`."""
        views, organisation = self.services.views, self.user.organisation_id
        stored = await run_in_threadpool(views.objects, organisation, document_id)
        for one in stored:
            if one.sha256 == sha256:
                return one
        raise ProofMissing("the file that is named was not uploaded for this")

    async def enrol(self, table: bytes) -> schemas.Imported:
        """Take the people of an XLSX. Raises `BadUpload` or `BadSpreadsheet`."""
        return await run_in_threadpool(self._enrol, table)

    async def correct_names(self, person_id: str, said: schemas.NameCorrection) -> NamesView:
        """Keep how a name is declined. Raises `NotFound`."""
        return await run_in_threadpool(self._correct_names, person_id, said)

    async def keep_ground(self, said: legal_schemas.NewGround) -> GroundLine:
        """Keep an act. Raises `NotFound`, `WrongState` or `BadDate` of the one that it replaces."""
        return await run_in_threadpool(self._keep_ground, said)

    async def end_ground(self, ground_id: str, said: legal_schemas.GroundLost) -> GroundLine:
        """Keep that an act lost force. Raises `NotFound`, `WrongState` or `BadDate`."""
        return await run_in_threadpool(self._end_ground, ground_id, said)

    async def draft(self, cycle: str, said: legal_schemas.NewDocument) -> legal_schemas.Drafting:
        """Ask the cycle for a document; its way follows from its kind. Raises `NotFound`, and as
        `keep_inputs` does.
        """
        kind = self.services.kinds.get(said.kind)
        scope = "cycle" if said.person is None else "person"
        if kind is None or kind.scope != scope or (said.person and not kind.of_person):
            raise NotFound(f"there is no kind {said.kind} of such documents of a {scope}")
        if said.branches and not kind.of_organisation:
            raise NotFound(f"documents of kind {said.kind} are not about an organisation")
        document_id = self._id_of("document")
        # What several documents share belongs to none of them.
        about = cycle if said.branches else ids.document_workflow(document_id)
        person_id = await self.person(said.person) if said.person else None
        inputs_id = await self.keep_inputs(about, said.inputs)
        answered = await self.send(
            cycle,
            DraftDocument,
            document_id=document_id,
            person_id=person_id,
            branches=said.branches,
            kind=said.kind,
            approver=kind.approver if said.route is None else None,
            route=said.route,
            numbered=kind.journal is not None,
            changes=said.changes,
            inputs_id=inputs_id,
        )
        made = documents_asked(document_id, said.branches)
        return legal_schemas.Drafting(
            document_id=made[0][0], documents=tuple(id_ for id_, _ in made), **dict(answered)
        )

    async def choose(self, pairs: tuple[schemas.Pair, ...]) -> tuple[PairRequest, ...]:
        """The pairs as the cycle is asked for them. Raises `NotFound`."""
        views, organisation = self.services.views, self.user.organisation_id
        people = await run_in_threadpool(views.people, organisation)
        return choosing.pairs_of(pairs, people)

    async def person(self, named: str) -> str:
        """The id of a person, who may be named by code. Raises `NotFound`."""
        views, organisation = self.services.views, self.user.organisation_id
        people = await run_in_threadpool(views.people, organisation)
        return choosing.person_of(named, people)

    async def prepare_launch(self, wish: schemas.Launch) -> ProgrammeState:
        """Keep what is launched; the first state of its workflow.

        Raises `NotFound`, `RoleUnmapped` or `AlreadyLaunched`.
        """
        return await run_in_threadpool(self._prepare_launch, wish)

    def _check_recipient(self, said: Mapping[str, object]) -> None:
        above = self.services.views.organisations_above(self.user.organisation_id)
        check_recipient(said, [one.organisation_id for one in above])

    def _assignments(self, rows: object) -> list[dict[str, object]]:
        people = self.services.views.people(self.user.organisation_id)
        return [
            {**one.model_dump(mode="json"), "who": choosing.person_of(one.who, people)}
            for one in AssignmentAsked.all_of(rows)
        ]

    def _id_of(self, thing: str) -> str:
        return ids.derived_id(self.request_id, thing)

    def _check_signed(
        self, document_id: str, version: int, files: tuple[bytes, ...]
    ) -> CheckedScan:
        objects = self.services.views.objects(self.user.organisation_id, document_id)
        renderings = [
            one.sha256
            for one in objects
            if one.version == version and one.role in {"draft", "registered"}
        ]
        copy = self.services.made_copy(renderings[-1]) if renderings else None
        return self.services.scans.check(files, ids.document_code(document_id, version), copy)

    def _store(
        self, document_id: str, version: int, content: bytes, media_type: str
    ) -> schemas.Uploaded:
        desk, organisation = self.services.desk, self.user.organisation_id
        self._check_takes_files(document_id)
        digest = sha256(content).hexdigest()
        key = ids.incoming_key(document_id, digest)
        desk.make_key(key, organisation, document_id)
        desk.begin_object(key, organisation)
        stored = self.services.files.put_once(key, content, desk.data_key(key))
        if stored.sha256 != digest:
            raise BytesChanged(f"{key} holds something else")
        desk.record_object(
            ObjectRecord(
                organisation_id=organisation,
                document_id=document_id,
                version=version,
                role="incoming",
                key_id=key,
                media_type=media_type,
                **dict(stored),
            )
        )
        return schemas.Uploaded(sha256=stored.sha256, size=stored.size)

    def _check_takes_files(self, document_id: str) -> None:
        # A file that proves a result has an id of its own, and there is no such document.
        with suppress(NotFound):
            document = self.services.views.document(self.user.organisation_id, document_id)
            if document.stage == Stage.WITHDRAWN:
                raise WrongState(f"document {document_id} is withdrawn")

    def _enrol(self, table: bytes) -> schemas.Imported:
        enrolment = self.services.read_people(table, self.now.date())
        counts = self.services.desk.enrol(self.user.organisation_id, enrolment)
        return schemas.Imported(people=counts.people, bodies=counts.bodies)

    def _correct_names(self, person_id: str, said: schemas.NameCorrection) -> NamesView:
        organisation = self.user.organisation_id
        correction = NameCorrection(parts=said.parts(), by=self.user.id, at=self.services.now())
        self.services.desk.correct_names(organisation, person_id, correction)
        return self.services.views.names(organisation, person_id)

    def _keep_ground(self, said: legal_schemas.NewGround) -> GroundLine:
        ground = Ground(id=self._id_of("ground"), **said.model_dump(exclude={"replaces"}))
        desk, organisation = self.services.desk, self.user.organisation_id
        desk.keep_ground(organisation, ground, self.user.id, said.replaces)
        return self._ground_line(ground.id)

    def _end_ground(self, ground_id: str, said: legal_schemas.GroundLost) -> GroundLine:
        end = GroundEnd(**dict(said))
        self.services.desk.end_ground(self.user.organisation_id, ground_id, end, self.user.id)
        return self._ground_line(ground_id)

    def _ground_line(self, ground_id: str) -> GroundLine:
        organisation = self.user.organisation_id
        today = self.services.today(organisation)
        known = self.services.views.grounds(organisation, today)
        return next(one for one in known if one.id == ground_id)

    def _prepare_launch(self, wish: schemas.Launch) -> ProgrammeState:
        views, organisation = self.services.views, self.user.organisation_id
        roadmap = self.services.roadmaps(wish.roadmap)
        people, bodies = views.people(organisation), views.bodies(organisation)
        launch = Launch(
            roadmap=roadmap,
            start=wish.start,
            time_zone=views.time_zone(organisation),
            holders=choosing.holders_of(roadmap, wish.holders, people, bodies),
            turns=wish.turns or roadmap.season.turns,
            launched_by=self.user.id,
        )
        cycle_id = self._id_of("cycle")
        self.services.desk.keep_launch(cycle_id, organisation, launch)
        return ProgrammeState(
            organisation_id=organisation,
            cycle_id=cycle_id,
            clock_offset=self.clock_offset,
            administrator=self.user.id,
            launched=self.now,
        )
