"""A school in the middle of its work, with a page of every kind."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from sqlalchemy import Engine

from domain.approval import Approval
from domain.enrolment import Enrolment
from domain.routes import Outcome, RouteStage
from tests.adapters.world import a_person
from tests.builders import an_approval
from tests.pages.school import School, served

SCAN = b"%PDF-1.7 a scan"
PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""
REMARK = "Укажите срок второй встречи. И уточните цель: сейчас она слишком общая."
GOAL = "освоение наставляемым приёмов работы с чертежом и рост его самостоятельности"


BY_LETTER = {
    "post": "заместитель директора",
    "until": date(2027, 8, 31),
    "ground": {"what": "power_of_attorney", "number": "4", "day": date(2026, 9, 1)},
}
DOUBTFUL = a_person(
    "mentee",
    "Заяц",
    "Илья",
    patronymic="Львович",
    gender="m",
    post="преподаватель",
    roles=("staff", "mentee"),
    experience_years=1,
)
"""Nobody knows by his name alone how it is declined."""


@dataclass(frozen=True)
class Furnished:
    """A school in the middle of its work, and where its pages are."""

    school: School
    url: str
    plan: str
    order: str
    signed: str
    returned: str
    numbered: str
    discussed: str
    called: str = ""
    held: str = ""

    def path(self, name: str) -> str:
        cycle = f"/cycles/{self.school.cycle.cycle_id}"
        return {
            "inbox": "/",
            "document": f"/documents/{self.plan}",
            "pages": f"/documents/{self.order}",
            "signed": f"/documents/{self.signed}",
            "pair": f"/pairs/{self.school.pair_id}",
            "pair-technical": f"/pairs/{self.school.pair_id}?technical=true",
            "pair-past": f"/pairs/{self.school.pair_id}/past?on={self.school.now:%Y-%m-%d}",
            "cycle-past": f"{cycle}/past?on={self.school.now:%Y-%m-%d}",
            "log": "/log?technical=true",
            "reads": "/reads",
            "curator": "/",
            "redraft": f"/documents/{self.returned}",
            "attach": f"/documents/{self.numbered}",
            "route": f"/documents/{self.discussed}",
            "acquaintance": f"/documents/{self.signed}/acquaintance",
            "meeting": f"/pairs/{self.school.pair_id}/meetings",
            "names": f"/people/{self.school.world.person('mentee')}/names",
            "cycles": "/cycles",
            "cycle": cycle,
            "cycle-pairs": f"{cycle}/pairs",
            "cycle-documents": f"{cycle}/documents",
            "entering": f"{cycle}/indicators/enter",
            "register": "/register",
            "journals": "/journals",
            "journal": "/journals/orders",
            "bodies": "/bodies",
            "body": f"/bodies/{self.school.world.launch.holders['council']}",
            "calling": f"/bodies/{self.school.world.launch.holders['council']}/sittings",
            "sitting": f"/sittings/{self.called}",
            "held": f"/sittings/{self.held}",
            "authorities": "/authorities",
            "password": "/password",
            "not-found": "/nowhere",
            "signin": "/signin",
            "verify": "/verify",
            "code": f"/v/{self.signed}/1",
        }[name]


PAGES = ("inbox", "document", "pages", "signed", "pair", "pair-technical", "password", "not-found")
CURATORS = (
    *("curator", "redraft", "attach", "route", "acquaintance", "meeting", "names"),
    *("cycles", "cycle", "cycle-pairs", "cycle-documents", "register", "journals", "journal"),
    *("bodies", "body", "calling", "sitting", "held", "authorities"),
    *("pair-past", "cycle-past", "reads", "entering"),
)
FOR_EVERYBODY = ("signin", "verify", "code")


@pytest.fixture(scope="module")
def furnished(engine: Engine) -> Iterator[Furnished]:
    school = School(engine)
    school.world.desk.enrol(school.world.organisation, Enrolment(people=(DOUBTFUL,), bodies=()))
    plan = school.paper("individual_plan", since=4, days=2, of_pair=True)
    school.decide(plan, Outcome.SEND_BACK, remark=REMARK)
    school.redraft(plan, {"goal": GOAL})
    order = school.paper("order_pairs", since=5, days=3)
    draft = school.documents[order].draft
    assert draft is not None
    school.pdf[draft.sha256] = PDF
    school.paper("order_curator", since=1, days=4)
    school.paper("agreement", since=1, days=40, of_pair=True)
    signed = school.paper("order_introduction", since=3, days=5)
    school.decide(signed)
    school.sign(signed, "145-о", SCAN)
    school.move_pair(signed, plan)
    returned = school.paper("order_team", since=2, days=6)
    school.decide(returned, Outcome.SEND_BACK, REMARK)
    numbered = school.paper("order_rewards", since=2, days=6)
    school.decide(numbered)
    school.number(numbered, "146-о")
    discussed = school.paper("programme", since=1, days=9, route=a_route(school))
    school.remark(discussed, REMARK)
    school.reserve("orders", "Для приказа по пожарной безопасности")
    held = school.convene(day=date(2026, 9, 9))
    school.hold(held)
    called = school.convene(for_the_council(school, "programme"))
    for_the_council(school, "regulation")
    school.give_right("mentor", "director", capacity="power_of_attorney", **BY_LETTER)
    school.give_right("curator", "director", since=date(2026, 10, 5), until=date(2026, 10, 9))
    with served(school) as url:
        papers = (plan, order, signed, returned, numbered, discussed)
        yield Furnished(school, url, *papers, called, held)


def for_the_council(school: School, kind: str) -> str:
    """A paper that waits for the council, then for the director."""
    director, council = school.world.person("director"), school.world.launch.holders["council"]
    stages = (
        RouteStage(id="council", title="Совет", kind="body", holders=(council,), days=7),
        RouteStage(id="head", title="Утверждение", holders=(director,)),
    )
    return school.paper(kind, since=1, route=an_approval(stages=stages))


def a_route(school: School) -> Approval:
    director, council = school.world.person("director"), school.world.launch.holders["council"]
    return an_approval(
        stages=(
            RouteStage(id="talk", title="Открытое обсуждение", kind="discussion", days=5),
            RouteStage(id="council", title="Совет", kind="body", holders=(council,), days=7),
            RouteStage(id="head", title="Утверждение", holders=(director,), days=3),
        )
    )
