"""Versions of templates are kept, and a document is made of one from its draft to its end."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from activities import tasks
from activities.ports import Desk, Template
from adapters.docx.renderer import DocxRenderer
from adapters.postgres import log
from adapters.postgres.ledger import PostgresLedger
from domain import ids
from domain.errors import BytesChanged, NotFound
from domain.layout_settings import LayoutSettings
from domain.templates import TemplateVersion
from tests.adapters.docx_files import BODY, paragraph, part_of, with_body
from tests.adapters.world import KEYS, NOW, World, templates
from tests.fakes.desk import FakeDesk
from tests.fakes.views import FakeViews

KIND = "order_curator"
TODAY = date(2026, 9, 7)


def upload(world: World, name: str = "first", **fields: object) -> tasks.TemplateUpload:
    known = tasks.TemplateUpload(
        id=ids.derived_id(world.organisation, name),
        organisation_id=world.organisation,
        kind=KIND,
        active_from=TODAY,
        uploaded_by="user-admin",
        at=NOW,
    )
    return known.changed(**fields)


def layout(world: World, name: str, **settings: object) -> tasks.LayoutUpload:
    return tasks.LayoutUpload(
        id=ids.derived_id(world.organisation, name),
        organisation_id=world.organisation,
        settings=LayoutSettings.model_validate(settings),
        uploaded_by="user-admin",
        at=NOW,
    )


# What both desks do


@dataclass(frozen=True)
class Ground:
    world: World
    desk: Desk
    views: FakeViews | None

    def versions(self, kind: str = KIND) -> tuple[TemplateVersion, ...]:
        return (self.views or self.world.views).templates(self.world.organisation, kind)

    def content(self, version: int) -> bytes:
        views = self.views or self.world.views
        return views.template(self.world.organisation, KIND, version)

    def layout(self) -> LayoutSettings:
        return (self.views or self.world.views).layout(self.world.organisation)


@pytest.fixture(params=["memory", "postgres"])
def ground(request: pytest.FixtureRequest, engine: Engine) -> Ground:
    world = World.make(engine)
    if request.param == "postgres":
        return Ground(world, world.desk, None)
    desk = FakeDesk()
    return Ground(world, desk, FakeViews(desk))


def test_versions_are_counted_and_old_ones_stay(ground: Ground) -> None:
    first = ground.desk.keep_template(upload(ground.world), b"one")
    second = ground.desk.keep_template(upload(ground.world, "second"), b"two")

    assert [one.version for one in (first, second)] == [1, 2]
    assert ground.versions() == (first, second)
    assert [ground.content(1), ground.content(2)] == [b"one", b"two"]
    assert first.sha256 == sha256(b"one").hexdigest()
    assert first.uploaded_by == "user-admin"


def test_a_repeated_upload_is_one_version(ground: Ground) -> None:
    first = ground.desk.keep_template(upload(ground.world), b"one")
    ground.desk.keep_template(upload(ground.world, "second"), b"two")

    assert ground.desk.keep_template(upload(ground.world), b"one") == first
    assert len(ground.versions()) == 2


def test_each_kind_has_versions_of_its_own(ground: Ground) -> None:
    ground.desk.keep_template(upload(ground.world), b"one")
    other = upload(ground.world, "other", kind="report")

    assert ground.desk.keep_template(other, b"one").version == 1
    assert len(ground.versions()) == len(ground.versions("report")) == 1


def test_a_version_that_there_is_not_is_not_found(ground: Ground) -> None:
    with pytest.raises(NotFound):
        ground.content(1)


def test_the_latest_layout_counts_and_a_repeat_changes_nothing(ground: Ground) -> None:
    assert ground.layout() == LayoutSettings()

    for one in (layout(ground.world, "a", size_pt=13), layout(ground.world, "b", size_pt=12)):
        ground.desk.keep_layout(one)
    ground.desk.keep_layout(layout(ground.world, "a", size_pt=13))

    assert ground.layout() == LayoutSettings(size_pt=12)


# What documents are made of, in PostgreSQL


@pytest.fixture
def world(engine: Engine) -> World:
    return World.make(engine)


def gathering(
    world: World, document: str, version: int = 1, now: datetime = NOW
) -> tasks.GatherFacts:
    return tasks.GatherFacts(
        organisation_id=world.organisation,
        cycle_id=world.cycle,
        document_id=document,
        kind=KIND,
        version=version,
        now=now,
    )


def made_of(world: World, document: str, version: int = 1, now: datetime = NOW) -> Template:
    kept = world.ledger.keep_facts(gathering(world, document, version, now))
    template = world.ledger.template(kept.facts_id)
    assert template is not None
    return template


def test_without_a_template_of_its_own_ours_is_kept(world: World) -> None:
    template = made_of(world, ids.new_id())

    assert template.ours
    assert template.content == templates().ours(KIND, LayoutSettings())
    assert template.sha256 == sha256(template.content).hexdigest()


def test_a_document_keeps_its_template_whatever_comes_later(world: World) -> None:
    old, new = (with_body(paragraph(line)) for line in ("Прежний", "Новый"))
    document = ids.new_id()
    world.desk.keep_template(upload(world), old)
    assert made_of(world, document).content == old

    world.desk.keep_template(upload(world, "second"), new)

    assert made_of(world, document).content == old
    assert made_of(world, document, version=2).content == new
    assert made_of(world, ids.new_id()).content == new
    assert not made_of(world, document).ours


def test_the_number_is_printed_on_the_very_template_that_was_approved(world: World) -> None:
    line = "Приказ № {% if registration %}{{ registration.number }}{% endif %}"
    old, new = (with_body(paragraph(f"{line} {edition}")) for edition in ("старый", "новый"))
    world.desk.keep_template(upload(world), old)
    kept = world.ledger.keep_facts(gathering(world, ids.new_id()))
    world.desk.keep_template(upload(world, "second"), new)
    later = world.ledger.template(kept.facts_id)
    facts = {
        **world.ledger.facts(kept.facts_id),
        "registration": {"number": "7-о", "date": "2026-09-08"},
    }

    document = DocxRenderer(templates()._templates).render(KIND, facts, later)

    assert "Приказ № 7-о старый" in part_of(document, BODY).decode()


def test_a_new_release_of_the_program_changes_no_document_that_was_drafted(world: World) -> None:
    document = ids.new_id()
    before = made_of(world, document)
    upgraded = PostgresLedger(
        world.engine,
        KEYS,
        {KIND: templates().kind(KIND)},
        {KIND: templates().fields(KIND)},
        lambda kind, layout: b"another template of ours",
    )
    kept = upgraded.keep_facts(gathering(world, document))

    assert upgraded.template(kept.facts_id) == before
    other = upgraded.keep_facts(gathering(world, ids.new_id()))
    found = upgraded.template(other.facts_id)
    assert found is not None
    assert found.content == b"another template of ours"


def test_a_layout_holds_for_what_is_drafted_after_it(world: World) -> None:
    document = ids.new_id()
    before = made_of(world, document)

    world.desk.keep_layout(layout(world, "a", left_mm=35, left_kept_long_mm=35))

    assert made_of(world, document) == before
    after = made_of(world, ids.new_id())
    assert after.ours
    assert after.content == templates().ours(KIND, LayoutSettings(left_mm=35, left_kept_long_mm=35))
    assert after.content != before.content


def test_a_template_waits_for_its_day_in_the_organisations_own_zone(world: World) -> None:
    world.desk.keep_template(upload(world, active_from=TODAY + timedelta(days=1)), b"later")
    last_minute = datetime(2026, 9, 7, 17, 59, tzinfo=UTC)  # in Omsk it is 23:59

    assert made_of(world, ids.new_id(), now=last_minute).ours
    assert made_of(world, ids.new_id(), now=last_minute + timedelta(minutes=1)).content == b"later"


def test_the_same_template_is_kept_once(world: World, owner_engine: Engine) -> None:
    for _ in range(3):
        made_of(world, ids.new_id())
    count = text("SELECT count(*) FROM template_files WHERE organisation_id = :id")
    with owner_engine.connect() as connection:
        assert connection.execute(count, {"id": world.organisation}).scalar_one() == 1


def test_facts_from_before_know_no_template(world: World, owner_engine: Engine) -> None:
    kept = world.ledger.keep_facts(gathering(world, ids.new_id()))
    forget = text("UPDATE facts SET template_sha256 = NULL WHERE facts_id = :id")
    with owner_engine.begin() as connection:
        connection.execute(forget, {"id": kept.facts_id})

    assert world.ledger.template(kept.facts_id) is None
    with pytest.raises(NotFound):
        world.ledger.template("nothing")


def test_a_kept_template_that_was_changed_is_not_used(world: World, owner_engine: Engine) -> None:
    kept = world.ledger.keep_facts(gathering(world, ids.new_id()))
    change = text("UPDATE template_files SET content = 'other' WHERE organisation_id = :id")
    with owner_engine.begin() as connection:
        connection.execute(change, {"id": world.organisation})

    with pytest.raises(BytesChanged):
        world.ledger.template(kept.facts_id)


def test_another_organisation_sees_and_uses_nothing_of_it(engine: Engine, world: World) -> None:
    world.desk.keep_template(upload(world), b"theirs")
    other = World.make(engine)

    assert other.views.templates(other.organisation, KIND) == ()
    assert made_of(other, ids.new_id()).ours
    with pytest.raises(NotFound):
        other.views.template(other.organisation, KIND, 1)


def test_uploads_stand_in_the_log_without_breaking_its_chain(world: World) -> None:
    version = world.desk.keep_template(upload(world), b"one")
    world.desk.keep_template(upload(world), b"one")
    world.desk.keep_layout(layout(world, "a", size_pt=13))
    world.save(world.planned())

    with world.watch.log(world.organisation) as (entries, head):
        found = list(entries)
    assert list(log.faults(found, head)) == []
    said = [(one.action, one.n) for one in found if one.actor == "user-admin"]
    assert said[:2] == [("template_uploaded", 1), ("layout_changed", 1)]
    assert version.sha256 in found[0].text


@pytest.mark.parametrize("table", ["template_files", "template_versions", "layout_settings"])
@pytest.mark.parametrize("change", ["UPDATE {} SET organisation_id = ''", "DELETE FROM {}"])
def test_the_application_cannot_change_what_was_kept(
    engine: Engine, table: str, change: str
) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        engine.begin() as connection,
    ):
        connection.execute(text(change.format(table)))
