"""A small programme with people: what the tests of the database start from."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

from pydantic import SecretStr
from sqlalchemy import Engine

from activities import tasks
from adapters.docx.renderer import DocxRenderer
from adapters.files.keyring import MasterKeys
from adapters.postgres.desk import PostgresDesk
from adapters.postgres.enrolling import body_id, person_id
from adapters.postgres.ledger import PostgresLedger
from adapters.postgres.views import PostgresViews
from adapters.postgres.watch import PostgresWatch
from domain import ids
from domain.cycle_pairs import FormPairs
from domain.documents import DocumentState, Draft, Entry, Seal, Stage
from domain.enrolment import EnrolledBody, EnrolledPerson, Enrolment, Part
from domain.pairing import PairRequest
from domain.people import AccessRole, Actor, Form
from domain.planning import plan
from domain.programme import ProgrammeState
from domain.roadmap import Roadmap
from tests.law import RENDERER

TEMPLATES = Path(__file__).parents[2] / "doc_templates"
NOW = datetime(2026, 9, 7, 9, tzinfo=UTC)
KEYS = MasterKeys(bytes(range(32)))
SHA = "ab" * 32
ZONE = "Asia/Omsk"


@dataclass(frozen=True)
class Database:
    owner: SecretStr
    app: SecretStr


def templates() -> DocxRenderer:
    return RENDERER


def a_ledger(engine: Engine) -> PostgresLedger:
    kinds = templates().kinds()
    return PostgresLedger(
        engine,
        KEYS,
        {kind: templates().kind(kind) for kind in kinds},
        {kind: templates().fields(kind) for kind in kinds},
        templates().ours,
    )


def a_roadmap() -> Roadmap:
    return Roadmap.model_validate(
        {
            "roadmap": "small",
            "version": 1,
            "title": "Малая программа",
            "source": "придумана для тестов",
            "season": {"month": 9, "months": 10},
            "curator": "curator",
            "roles": {
                "director": {"title": "Директор"},
                "curator": {"title": "Куратор"},
                "council": {"title": "Совет", "holder": "body"},
                "mentor": {"title": "Наставник", "holder": "mentor"},
            },
            "stages": [{"id": "work", "title": "Работа"}],
            "steps": [
                {
                    "id": "1",
                    "stage": "work",
                    "title": "Приказ о внедрении",
                    "lead": "curator",
                    "deadline": {"rule": "month", "month": 9},
                    "results": [
                        {
                            "id": "order",
                            "title": "Приказ подписан",
                            "by": {
                                "proof": "document",
                                "kind": "order_introduction",
                                "approver": "director",
                                "registrar": "curator",
                            },
                        }
                    ],
                },
                {
                    "id": "2",
                    "stage": "work",
                    "title": "Анкетирование",
                    "lead": "curator",
                    "deadline": {"rule": "month", "month": 10},
                    "results": [
                        {
                            "id": "answers",
                            "title": "Анкеты собраны",
                            "by": {"proof": "answers", "at_least": 2},
                        }
                    ],
                },
            ],
            "track": {
                "lead": "mentor",
                "forms": {
                    "teacher_teacher": {
                        "title": "педагог — педагог",
                        "role_models": {"experienced_novice": "опытный — молодой"},
                        "mentor_types": {"subject": "наставник-предметник"},
                    },
                    "student_student": {"title": "студент — студент"},
                },
                "titles": {
                    "first": "первая",
                    "mentor": "наставник",
                    "curator": "куратор",
                    "process": "качество процесса",
                },
                "stages": [
                    {
                        "id": "consents",
                        "title": "Согласия",
                        "days": 14,
                        "needs": {"kind": "consents"},
                    },
                    {
                        "id": "papers",
                        "title": "Документы по закону",
                        "days": 14,
                        "needs": {
                            "kind": "package",
                            "director": "director",
                            "registrar": "curator",
                        },
                    },
                    {"id": "order", "title": "Приказ", "days": 10, "needs": {"kind": "order"}},
                    {
                        "id": "meetings",
                        "title": "Встречи",
                        "days": 60,
                        "needs": {"kind": "meetings", "need": {"first": 1}},
                    },
                    {
                        "id": "final",
                        "title": "Мониторинг",
                        "days": 14,
                        "needs": {
                            "kind": "monitoring",
                            "voices": ["mentor", "curator"],
                            "parts": ["process"],
                        },
                    },
                ],
            },
            "indicators": [
                {
                    "title": "Первая задача",
                    "indicators": [
                        {"id": "1.1", "title": "Договоры", "unit": "ед.", "plan": {1: 4}},
                        {"id": "1.2", "title": "Рост", "unit": "%"},
                    ],
                }
            ],
            "targets": [
                {
                    "title": "Наставники педагогов",
                    "measure": "mentors_of_staff",
                    "at_least": 3,
                    "unit": "чел.",
                },
                {
                    "title": "Доля пар",
                    "measure": "matched_percent",
                    "at_least": 100,
                    "unit": "%",
                },
                {"title": "Среда для развития"},
            ],
        }
    )


def a_person(code: str, last: str, first: str, **fields: object) -> EnrolledPerson:
    known = {
        "code": code,
        "last": last,
        "first": first,
        "patronymic": "Павловна",
        "gender": "f",
        "birth_date": date(1980, 5, 1),
        "post": "методист",
        "roles": ("staff",),
    }
    return EnrolledPerson.model_validate({**known, **fields})


PEOPLE = (
    a_person("director", "Вершинина", "Ольга", post="директор"),
    a_person("curator", "Ёлкина", "Мария"),
    a_person("mentor", "Коваль", "Анна", roles=("staff", "mentor"), experience_years=20),
    a_person("mentee", "Черных", "Любовь", roles=("staff", "mentee"), experience_years=1),
    a_person(
        *("young", "Дюма", "Светлана"),
        roles=("mentee",),
        birth_date=date(2010, 11, 2),
        post="студентка группы ТМ-11",
        representative_code="parent",
        kinship="мать",
    ),
    a_person("parent", "Дюма", "Вера", roles=(Part.REPRESENTATIVE,), post=None),
)
ENROLMENT = Enrolment(
    people=PEOPLE,
    bodies=(EnrolledBody(code="council", name="Совет", members=("director", "curator")),),
)


@dataclass(frozen=True)
class World:
    """An organisation with people and a launched cycle."""

    engine: Engine
    organisation: str

    @classmethod
    def make(cls, engine: Engine) -> Self:
        world = cls(engine, ids.new_id())
        world.desk.add_organisation(
            world.organisation,
            name="Колледж «Заря»",
            short_name="Заря",
            address="000001, г. Заречинск, ул. Учебная, д. 1",
            inn="0012345674",
            city="г. Заречинск",
            time_zone=ZONE,
        )
        world.desk.enrol(world.organisation, ENROLMENT)
        world.desk.keep_launch(world.cycle, world.organisation, world.launch)
        return world

    @property
    def cycle(self) -> str:
        return ids.derived_id("cycle", self.organisation)

    @property
    def cycle_workflow(self) -> str:
        return ids.cycle_workflow(self.cycle)

    @cached_property
    def desk(self) -> PostgresDesk:
        return PostgresDesk(self.engine, KEYS)

    @cached_property
    def ledger(self) -> PostgresLedger:
        return a_ledger(self.engine)

    @cached_property
    def views(self) -> PostgresViews:
        return PostgresViews(
            self.engine, {kind: templates().kind(kind) for kind in templates().kinds()}
        )

    @cached_property
    def watch(self) -> PostgresWatch:
        return PostgresWatch(self.engine)

    def person(self, code: str) -> str:
        return person_id(self.organisation, code)

    @property
    def launch(self) -> tasks.Launch:
        return tasks.Launch(
            roadmap=a_roadmap(),
            start=date(2026, 9, 1),
            time_zone=ZONE,
            holders={
                "director": self.person("director"),
                "curator": self.person("curator"),
                "council": body_id(self.organisation, "council"),
            },
        )

    @property
    def curator(self) -> Actor:
        return Actor(
            user_id="user-curator",
            role=AccessRole.CURATOR,
            acts_for=(self.person("curator"),),
        )

    # States

    def planned(self) -> ProgrammeState:
        """The cycle with its first row open."""
        launch = self.launch
        state = ProgrammeState(
            organisation_id=self.organisation,
            cycle_id=self.cycle,
            administrator="user-admin",
            launched=NOW,
        )
        period = plan(launch.roadmap, launch.start, ZoneInfo(ZONE), launch.holders)
        return state.planned(period, NOW)

    def with_pair(self, mentee: str = "mentee") -> ProgrammeState:
        """The cycle with one pair formed."""
        pair = PairRequest(
            mentor_id=self.person("mentor"),
            mentee_id=self.person(mentee),
            form=Form.TEACHER_TEACHER,
        )
        wish = FormPairs(by=self.curator, pairs=(pair,))
        return self.planned().pairs_formed(wish, NOW)

    def document(self, state: ProgrammeState) -> DocumentState:
        """The document that the cycle's first row wants."""
        return state.document(next(iter(state.papers())), NOW)

    def save(
        self,
        state: tasks.State,
        *,
        at_work: bool = False,
        until: datetime | None = None,
    ) -> None:
        self.ledger.save(
            tasks.SaveProgress(state=state.to_save(), now=NOW, at_work=at_work, waiting_until=until)
        )


def in_force(state: DocumentState) -> DocumentState:
    """The document at the end of its way, without the steps between."""
    entry = Entry(number="1-о", day=NOW.date(), sha256=SHA)
    draft = Draft(facts_id="facts", facts_sha256=SHA, sha256=SHA)
    seal = Seal(key=f"sealed/{SHA}", sha256=SHA, stored_sha256=SHA, size=1)
    sealing = state.changed(stage=Stage.SEALING, entry=entry, draft=draft)
    return sealing.sealed(seal, NOW)
