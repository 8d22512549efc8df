"""A school below a municipality, whose people consent to be named above."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from sqlalchemy import Engine

from activities.tasks import GatherFacts, KeptText
from adapters.postgres.below_views import PeoplePage
from domain import ids
from domain.branch_wishes import Invite
from domain.cycle_pairs import FormPairs
from domain.documents import DocumentState, Draft, Entry
from domain.enrolment import Enrolment
from domain.items import Paper
from domain.organisations import Level
from domain.pairing import PairRequest
from domain.people import Form
from domain.programme import ProgrammeState
from domain.transfers import RECIPIENT
from domain.upper import Upper
from tests.adapters.nested import Municipality, a_below_roadmap
from tests.adapters.world import ENROLMENT, NOW, PEOPLE, SHA, ZONE, World, in_force

ADULT, MINOR, WITHDRAWAL = "consent_transfer_adult", "consent_transfer_minor", "consent_withdrawal"


def people_with(born: date) -> Enrolment:
    """The usual people; «young» is born on this day."""
    people = (one.changed(birth_date=born) if one.code == "young" else one for one in PEOPLE)
    return ENROLMENT.changed(people=tuple(people))


@dataclass(frozen=True)
class School(World):
    """An organisation below, whose cycle is a branch of an upper one."""

    @classmethod
    def below(
        cls, upper: Municipality, state: ProgrammeState, people: Enrolment = ENROLMENT
    ) -> tuple[Self, ProgrammeState]:
        """A school that was invited, and works with two pairs; the upper cycle as it is then."""
        n = len(state.branches) + 1
        school = cls(upper.engine, ids.new_id())
        school.desk.add_organisation(
            school.organisation,
            name=f"Школа № {n}",
            short_name=f"СОШ № {n}",
            address="г. Заречинск, ул. Садовая, д. 2",
            inn="0012345674",
            city="г. Заречинск",
            time_zone=ZONE,
        )
        school.desk.place(school.organisation, Level.ORGANISATION, upper.organisation)
        school.desk.enrol(school.organisation, people)
        above = Upper(cycle_id=upper.cycle, n=n)
        launch = school.launch.changed(roadmap=a_below_roadmap(), upper=above)
        school.desk.keep_launch(school.cycle, school.organisation, launch)
        school.save(school.paired())
        wish = Invite(by=upper.curator, below_ids=(school.organisation,))
        return school, upper.joined(upper.saved(state.branches_invited(wish, NOW)), n)

    def paired(self) -> ProgrammeState:
        """Its cycle with two pairs of one mentor: with an adult, and with somebody young."""
        asked = (("mentee", Form.TEACHER_TEACHER), ("young", Form.STUDENT_STUDENT))
        pairs = tuple(
            PairRequest(mentor_id=self.person("mentor"), mentee_id=self.person(code), form=form)
            for code, form in asked
        )
        return self.planned().pairs_formed(FormPairs(by=self.curator, pairs=pairs), NOW)

    def consents(
        self, code: str, recipient: str, kind: str = ADULT, *, until: date | None = None
    ) -> DocumentState:
        """Somebody's consent to this recipient above, signed and sealed."""
        said = {RECIPIENT: recipient} | ({"until": until.isoformat()} if until else {})
        drafted = self.drafted(code, kind, said)
        entry = Entry(number=None, day=NOW.date(), sha256=SHA)
        return self.kept(in_force(drafted).changed(draft=drafted.draft, entry=entry))

    def begins(self, code: str, recipient: str, at: datetime) -> DocumentState:
        """Somebody's consent to this recipient above is being prepared."""
        drafted = self.drafted(code, ADULT, {RECIPIENT: recipient}, at)
        assert drafted.draft is not None
        refs = {"facts": drafted.draft.facts_id}
        return self.kept(drafted.recorded("drafted", at, version=1, refs=refs))

    def withdraws(self, code: str, at: datetime = NOW) -> DocumentState:
        """Somebody's withdrawal is being prepared."""
        return self.kept(self.drafted(code, WITHDRAWAL, {}, at))

    def kept(self, document: DocumentState) -> DocumentState:
        self.save(document)
        return document.saved(document)

    def drafted(
        self, code: str, kind: str, said: dict[str, str], at: datetime = NOW
    ) -> DocumentState:
        """A person's paper with its facts. Raises as the gathering of facts does."""
        document_id = ids.new_id()
        text = KeptText(
            id=ids.new_id(),
            organisation_id=self.organisation,
            kind="inputs",
            subject=ids.document_workflow(document_id),
            author="user-curator",
            body=said,
        )
        paper = Paper(
            document_id=document_id,
            kind=kind,
            drafter=self.person("curator"),
            inputs_id=self.desk.keep_text(text),
            person_id=self.person(code),
        )
        document = self.paired().document(paper, at)
        facts = self.ledger.keep_facts(
            GatherFacts(
                organisation_id=self.organisation,
                cycle_id=self.cycle,
                document_id=document_id,
                kind=kind,
                version=1,
                person_id=paper.person_id,
                inputs_id=paper.inputs_id,
                now=at,
            )
        )
        made = Draft(facts_id=facts.facts_id, facts_sha256=facts.sha256, sha256=SHA)
        return document.changed(draft=made)


@dataclass
class Scene:
    """A municipality with one school."""

    upper: Municipality
    school: School
    state: ProgrammeState

    @property
    def above(self) -> str:
        return self.upper.organisation

    def page(self, now: datetime = NOW, turn: int | None = None) -> PeoplePage:
        return self.upper.views.people_below(self.above, self.upper.cycle, now, turn)

    def named(self, now: datetime = NOW) -> list[tuple[str, str, str]]:
        found = self.page(now)
        return [(one.name, one.part, one.form) for at in found.branches for one in at.lines]

    def drafts_register(self) -> tuple[str, dict[str, Any]]:
        """The id of a register of the municipality, and its facts."""
        document = self.upper.document(self.state).changed(kind="register_participants")
        kept = self.upper.ledger.keep_facts(
            GatherFacts(
                organisation_id=self.above,
                cycle_id=self.upper.cycle,
                document_id=document.document_id,
                kind="register_participants",
                version=1,
                now=NOW,
            )
        )
        signed = in_force(document)
        assert signed.draft is not None
        draft = signed.draft.changed(facts_id=kept.facts_id)
        self.upper.save(signed.changed(draft=draft))
        return document.document_id, dict(self.upper.ledger.facts(kept.facts_id))


def a_scene(engine: Engine, born: date = date(2010, 11, 2)) -> Scene:
    upper = Municipality.make(engine).rise()
    state = upper.saved(upper.planned())
    school, state = School.below(upper, state, people_with(born))
    return Scene(upper, school, state)
