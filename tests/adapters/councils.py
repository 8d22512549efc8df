"""A council of two for whom a paper waits: what tests of sittings start from."""

from dataclasses import dataclass

from sqlalchemy import Engine

from activities.ports import Desk
from activities.sitting_ports import BodyWish
from adapters.postgres.body_views import SittingView
from adapters.postgres.enrolling import body_id
from api.routes.reading import Views
from domain import ids
from domain.approval import Approval
from domain.bodies import Quorum
from domain.documents import DocumentState, Draft
from domain.people import AccessRole
from domain.routes import Outcome, Route, RouteStage
from domain.sittings import AgendaItem, Holding, Resolution, Sitting, Votes
from tests.adapters.world import NOW, SHA, World
from tests.fakes.desk import FakeDesk

DAY = NOW.date()


@dataclass(frozen=True)
class Council:
    """A council of two, for whom a paper waits."""

    world: World
    desk: Desk
    views: Views
    user: str
    paper: DocumentState
    fake: FakeDesk | None

    @property
    def body(self) -> str:
        return body_id(self.world.organisation, "council")

    @property
    def wish(self) -> BodyWish:
        return BodyWish(organisation_id=self.world.organisation, by=self.user, at=NOW)

    def called(self, **fields: object) -> Sitting:
        paper = AgendaItem(
            title="О приказе", document_id=self.paper.document_id, version=1, sha256=SHA
        )
        known = {
            "sitting_id": ids.new_id(),
            "body_id": self.body,
            "cycle_id": self.world.cycle,
            "day": DAY,
            "place": "Учительская",
            "chair_id": self.world.person("director"),
            "secretary_id": self.world.person("curator"),
            "quorum": Quorum(),
            "minutes_kind": "council_minutes",
            "agenda": (AgendaItem(title="О плане."), paper),
        }
        sitting = Sitting.model_validate({**known, **fields})
        self.desk.call_sitting(self.wish, sitting)
        return sitting

    def holding(self, **fields: object) -> Holding:
        known = {
            "request_id": ids.new_id(),
            "by": self.user,
            "at": NOW,
            "present": (self.world.person("director"), self.world.person("curator")),
            "resolutions": (resolved(1, who="куратор", due="до 1 октября"), resolved(2)),
        }
        return Holding.model_validate({**known, **fields})

    def hold(self, sitting: Sitting, held: Holding | None = None) -> Sitting:
        said = held or self.holding()
        return self.desk.hold_sitting(self.wish, sitting.sitting_id, said, DAY)

    def view(self, sitting: Sitting) -> SittingView:
        return self.views.sitting(self.world.organisation, sitting.sitting_id)

    def redrafted(self) -> None:
        """Another version of the paper waits."""
        if self.fake is not None:
            self.fake.sittings.waiting[self.body] = {self.paper.document_id: (2, SHA)}
        else:
            self.world.save(self.paper.changed(version=2, revision=self.paper.revision + 1))


def resolved(n: int, outcome: Outcome = Outcome.APPROVE, **fields: object) -> Resolution:
    known = {
        "n": n,
        "outcome": outcome,
        "text": "Одобрить",
        "votes": Votes(in_favour=2),
        "speaker": "куратора",
        "heard": "Представлен проект",
    }
    return Resolution.model_validate({**known, **fields})


def a_paper(world: World) -> DocumentState:
    """A paper that waits for the council."""
    body = body_id(world.organisation, "council")
    route = Route(stages=(RouteStage(id="council", kind="body", holders=(body,)),))
    drafting = world.document(world.planned()).changed(approval=Approval(route=route))
    draft = Draft(facts_id="facts", facts_sha256=SHA, sha256=SHA)
    return drafting.drafted(draft, NOW)


def a_council(engine: Engine) -> Council:
    """A council of the database."""
    world = World.make(engine)
    paper = a_paper(world)
    world.save(world.planned())
    world.save(paper)
    token = world.desk.add_user(world.organisation, AccessRole.CURATOR, world.person("curator"))
    return Council(world, world.desk, world.views, world.views.user_by_token(token).id, paper, None)
