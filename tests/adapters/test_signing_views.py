"""Whose signatures a document wants: from its kind, its people, the rights of today."""

from datetime import date

import pytest
from sqlalchemy import Engine

from activities import tasks
from domain import ids
from domain.documents import DocumentState, Draft, Stage
from domain.enrolment import Enrolment
from domain.errors import NotFound
from domain.kinds import DocumentKind
from domain.mandates import Capacity, MandateGround, MandateRecord
from domain.signing import GivenSignature, SignedBy
from tests.adapters.test_views import shown_as
from tests.adapters.world import NOW, PEOPLE, SHA, World, a_person, templates

CHILD = a_person(
    *("child", "Дюма", "Лев"),
    roles=("mentee",),
    birth_date=date(2013, 11, 2),
    post=None,
    representative_code="parent",
    kinship="мать",
)
CODES = (*(person.code for person in PEOPLE), "child")


@pytest.fixture
def world(engine: Engine) -> World:
    world = World.make(engine)
    world.desk.enrol(world.organisation, Enrolment(people=(*PEOPLE, CHILD), bodies=()))
    return world


def given_out(
    world: World, kind: str, mentee: str = "mentee", of: str = "", **fields: object
) -> DocumentState:
    """A document of this kind that waits for signatures: of the cycle, of a pair, or of a person,
    its mentee unless `of` names another.
    """
    cycle = world.with_pair(mentee)
    world.save(cycle)
    scope = templates().kind(kind).scope
    about: dict[str, object] = {} if scope == "cycle" else {"pair_id": cycle.pairs[0].pair_id}
    about |= {"person_id": world.person(of or mentee)} if scope == "person" else {}
    about |= {
        "organisation_id": world.organisation,
        "cycle_id": world.cycle,
        "document_id": ids.new_id(),
        "kind": kind,
    }
    task = tasks.GatherFacts.model_validate({**about, "version": 1, "now": NOW})
    kept = world.ledger.keep_facts(task)
    known = {
        **about,
        "owner_id": world.cycle,
        "drafter": world.person("curator"),
        "escalate_to": world.person("curator"),
        "since": NOW,
        "stage": Stage.TO_SIGN,
        "draft": Draft(facts_id=kept.facts_id, facts_sha256=kept.sha256, sha256=SHA),
    }
    document = DocumentState.model_validate({**known, **fields})
    world.save(document)
    return document


def wanted(world: World, document: DocumentState) -> dict[str, list[str]]:
    """The lines in order, with the codes of those who may sign them."""
    codes = {world.person(code): code for code in CODES}
    found = world.views.signature_places(world.organisation, document.document_id, NOW)
    return {place.id: [codes[one.person_id] for one in place.people] for place in found}


@pytest.mark.parametrize(
    ("kind", "mentee", "lines"),
    [
        ("order_introduction", "mentee", {"director": ["director"]}),
        ("report", "mentee", {"director": ["director"], "curator": ["curator"]}),
        ("council_minutes", "mentee", {"chair": ["director"], "secretary": ["curator"]}),
        ("agreement", "mentee", {"mentor": ["mentor"], "mentee": ["mentee"]}),
        (
            "agreement",
            "young",
            {"mentor": ["mentor"], "mentee": ["young"], "mentee_representative": ["parent"]},
        ),
        ("agreement", "child", {"mentor": ["mentor"], "mentee_representative": ["parent"]}),
        ("consent_adult", "mentee", {"person": ["mentee"]}),
        ("consent_pupil", "young", {"person": ["young"], "representative": ["parent"]}),
        ("consent_parent", "child", {"representative": ["parent"]}),
        ("consent_transfer_minor", "child", {"representative": ["parent"]}),
        ("consent_withdrawal", "mentee", {"person": ["mentee"]}),
        ("consent_withdrawal", "young", {"person": ["young", "parent"]}),
        ("consent_withdrawal", "child", {"person": ["parent"]}),
        ("review", "mentee", {"reviewer": []}),
        ("diary", "mentee", {}),
    ],
)
def test_the_lines_follow_from_the_kind_and_the_people(
    world: World, kind: str, mentee: str, lines: dict[str, list[str]]
) -> None:
    found = wanted(world, given_out(world, kind, mentee))

    assert {place: set(people) for place, people in found.items()} == {
        place: set(people) for place, people in lines.items()
    }
    assert list(found) == list(lines), "in the order of the paper"


@pytest.mark.parametrize("kind", [k for k in templates().kinds() if templates().kind(k).electronic])
def test_every_line_of_every_kind_has_a_title_in_russian(world: World, kind: str) -> None:
    of_minor = any(field.type == "representative" for field in templates().fields(kind).values())
    document = given_out(world, kind, "young" if of_minor else "mentee")

    found = world.views.signature_places(world.organisation, document.document_id, NOW)

    assert found
    assert not [place.id for place in found if place.title == place.id]


def test_names_are_whole_for_they_are_compared_with_certificates(world: World) -> None:
    document = given_out(world, "order_introduction")

    [place] = world.views.signature_places(world.organisation, document.document_id, NOW)

    assert place.title == "Руководитель"
    assert [one.name for one in place.people] == ["Вершинина Ольга Павловна"]


def test_whoever_has_the_directors_right_today_signs(world: World) -> None:
    document = given_out(world, "order_introduction")
    shared = a_right(world, Capacity.POWER_OF_ATTORNEY, "curator", date(2026, 9, 1))
    give(world, shared)
    assert set(wanted(world, document)["director"]) == {"director", "curator"}

    give(world, a_right(world, Capacity.SUBSTITUTE, "mentor", date(2026, 9, 2)))
    assert wanted(world, document)["director"] == ["mentor"]


def a_right(world: World, capacity: Capacity, who: str, since: date) -> MandateRecord:
    return MandateRecord(
        id=ids.new_id(),
        person_id=world.person(who),
        capacity=capacity,
        instead_of=world.person("director"),
        since=since,
        until=date(2026, 12, 31),
        ground=MandateGround(what="order", number="5-к", day=since),
    )


def give(world: World, record: MandateRecord) -> None:
    world.desk.give_mandate(
        tasks.MandateWish(organisation_id=world.organisation, record=record, by="user", at=NOW)
    )


def test_of_another_organisation_nothing_is_told(world: World, engine: Engine) -> None:
    document = given_out(world, "order_introduction")

    with pytest.raises(NotFound):
        World.make(engine).views.signature_places("other", document.document_id, NOW)


def test_a_document_shows_who_has_signed_and_who_is_still_missing(world: World) -> None:
    by = SignedBy(person_id=world.person("curator"), places=("curator",))
    given = GivenSignature(sha256=SHA, size=3, signers=(by,), marks_id="marks")
    document = given_out(world, "report", wanted=("director", "curator"), signatures=(given,))

    shown = world.views.document(world.organisation, document.document_id).signing

    assert [(line.title, line.file, line.sha256) for line in shown] == [
        ("Руководитель", None, None),
        ("Куратор", 1, SHA),
    ]
    assert shown[0].signer is None
    assert shown[1].signer
    assert shown[1].signer.name == shown_as("Ёлкина М. П.")


def test_before_the_first_signature_nothing_is_shown(world: World) -> None:
    document = given_out(world, "report")

    assert not world.views.document(world.organisation, document.document_id).signing


def test_electronic_signatures_are_asked_of_known_roles_only() -> None:
    """A role that nobody here has makes the kind one for paper, and is told by its title."""
    kinds: list[DocumentKind] = [templates().kind(kind) for kind in templates().kinds()]
    known = {"director", "curator", "mentor", "mentee", "person", "representative"}
    rest = {role for kind in kinds if kind.electronic for role in kind.signers} - known

    assert rest == {"chair", "secretary", "reviewer", "head_of_inspected"}
