"""What people of the school did before a page is looked at."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, text

from activities.sitting_ports import BodyWish
from activities.tasks import MandateWish, NumberWish
from domain import ids
from domain.bodies import AtLeast, BodySettings, Every
from domain.document_wishes import AddRemark, Register
from domain.documents import DocumentState
from domain.mandates import MandateRecord
from domain.meetings import RecordMeeting
from domain.pair import PairState
from domain.people import Actor
from domain.programme import ProgrammeState
from domain.routes import Outcome
from domain.sittings import AgendaItem, Holding, Resolution, Sitting, Votes
from tests.adapters.world import NOW, World

_MINOR = text("UPDATE people SET birth_date = '2012-01-01' WHERE id = :id")


class Deeds:
    """Deeds in a school."""

    world: World
    engine: Engine
    now: datetime
    documents: dict[str, DocumentState]
    users: dict[str, Actor]
    pair: PairState
    cycle: ProgrammeState

    def text(self, kind: str, subject: str, words: str, role: str = "curator") -> str:
        raise NotImplementedError

    def go_on(self, state: Any) -> None:  # noqa: ANN401 - of a cycle, a pair or a document
        raise NotImplementedError

    def make_minor(self, code: str) -> None:
        """The person with this code is a child from now on."""
        with self.engine.begin() as connection:
            connection.execute(_MINOR, {"id": self.world.person(code)})

    def number(self, document_id: str, number: str) -> None:
        """The curator gives an approved paper its number."""
        state = self.documents[document_id]
        note = self.text("reason", state.workflow_id, "Из книги приказов")
        wish = Register(
            by=self.users["curator"], version=state.version, number=number, note_id=note
        )
        state.check_can_register(wish)
        self.go_on(state.registration_asked(wish, self.now))

    def remark(self, document_id: str, words: str) -> None:
        """The director says something in the discussion."""
        state = self.documents[document_id]
        note = self.text("remark", state.workflow_id, words, "director")
        wish = AddRemark(by=self.users["director"], version=state.version, note_id=note)
        state.check_can_add_remark(wish)
        self.go_on(state.remark_added(wish, self.now))

    def meet(self) -> None:
        """The pair has met as often as it must."""
        day = date(2026, 9, 20)
        wish = RecordMeeting(by=self.users["curator"], kind="first", day=day, minutes=45)
        self.go_on(self.pair.meeting_recorded(wish, self.now))

    def reserve(self, journal: str, reason: str) -> None:
        """A number that the curator takes out of the row."""
        organisation = self.world.organisation
        subject = ids.journal_subject(organisation, journal)
        wish = NumberWish(
            id=ids.new_id(),
            organisation_id=organisation,
            journal=journal,
            by=self.users["curator"].user_id,
            at=self.now,
            reason_id=self.text("reason", subject, reason),
        )
        self.world.desk.reserve_number(wish)

    def convene(self, document_id: str = "", day: date = date(2026, 9, 20)) -> str:
        """The council, over which the director presides, is called; to decide a paper if named."""
        council, wish = self.world.launch.holders["council"], self._wish()
        settings = BodySettings(
            chair_id=self.world.person("director"),
            secretary_id=self.world.person("curator"),
            at_least=AtLeast(sittings=4, every=Every.SCHOOL_YEAR),
        )
        self.world.desk.set_body(wish, council, settings)
        agenda = [AgendaItem(title="О плане работы на год")]
        if document_id:
            state = self.documents[document_id]
            assert state.draft is not None
            paper = {"document_id": document_id, "version": state.version}
            title = {"title": "О программе наставничества", "sha256": state.draft.sha256}
            agenda.append(AgendaItem.model_validate({**title, **paper}))
        sitting = Sitting(
            sitting_id=ids.new_id(),
            body_id=council,
            cycle_id=self.cycle.cycle_id,
            day=day,
            place="Учительская",
            quorum=settings.quorum,
            chair_id=self.world.person("director"),
            secretary_id=self.world.person("curator"),
            minutes_kind="council_minutes",
            agenda=tuple(agenda),
        )
        self.world.desk.call_sitting(wish, sitting)
        return sitting.sitting_id

    def hold(self, sitting_id: str) -> None:
        """Both members came and approved everything; no document was on the agenda."""
        said = self.world.views.sitting(self.world.organisation, sitting_id)
        held = Holding(
            request_id=ids.new_id(),
            by=self.users["curator"].user_id,
            at=self.now,
            present=(self.world.person("director"), self.world.person("curator")),
            resolutions=tuple(
                Resolution(
                    n=one.n,
                    outcome=Outcome.APPROVE,
                    text="Одобрить.",
                    votes=Votes(in_favour=2),
                    who="куратор",
                    due="до 1 октября 2026 г.",
                )
                for one in said.agenda
            ),
        )
        self.world.desk.hold_sitting(self._wish(), sitting_id, held, self.now.date())
        self.world.desk.minutes_asked(sitting_id, None)

    def give_right(self, person: str, instead_of: str, **fields: object) -> None:
        """A substitute's right, or another."""
        right = MandateRecord.model_validate(
            {
                "id": ids.new_id(),
                "person_id": self.world.person(person),
                "instead_of": self.world.person(instead_of) if instead_of else None,
                "capacity": "substitute",
                "since": date(2026, 9, 18),
                "until": date(2026, 10, 2),
                "ground": {"what": "order", "number": "31-л", "day": date(2026, 9, 17)},
                **fields,
            }
        )
        wish = MandateWish(
            organisation_id=self.world.organisation,
            record=right,
            succeeds=False,
            by=self.users["curator"].user_id,
            at=self.now,
        )
        self.world.desk.give_mandate(wish)

    def _wish(self) -> BodyWish:
        by = self.users["curator"].user_id
        return BodyWish(organisation_id=self.world.organisation, by=by, at=self.now)

    def open_rows(self) -> None:
        """It is October: the second row is open too."""
        self.now = NOW + timedelta(days=31)
        self.go_on(self.cycle.advanced(self.now))
