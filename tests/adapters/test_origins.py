"""Where the figures of reports come from: measures, reports of organisations below, people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Engine

from activities.tasks import KeptText, Launch
from adapters.postgres.row_checks import check_rows
from domain import ids
from domain.branch_wishes import Excuse
from domain.documents import DocumentState
from domain.enrolment import Enrolment
from domain.errors import FactMissing, NotFound
from domain.extras import DraftDocument
from domain.people import AccessRole, Actor
from domain.programme import ProgrammeState
from domain.roadmap import Roadmap
from tests.adapters.nested import DEMAND, Municipality
from tests.adapters.test_postgres_facts import facts
from tests.adapters.world import NOW, PEOPLE, World

COUNTS: dict[str, Any] = {
    "mentors": 3,
    "mentees": 5,
    "pairs": 4,
    "pairs_completed": 3,
    "pairs_stopped": 1,
}
SHARE = "доля сотрудников до 35 лет, охваченных поддержкой и наставничеством"
SUPPORTED: dict[str, Any] = {"staff_under_35": 8, "staff_under_35_supported": 5}


@dataclass(frozen=True)
class District(Municipality):
    """A programme whose pairs are all below, with a share to reach."""

    @property
    def launch(self) -> Launch:
        launch = super().launch
        known = launch.roadmap.model_dump(mode="json")
        target = {
            "title": "Молодые педагоги с поддержкой",
            "measure": "below_staff_under_35_supported_percent",
            "at_least": 70,
            "unit": "%",
        }
        roadmap = Roadmap.model_validate({**known, "track": {}, "targets": [target]})
        return launch.changed(roadmap=roadmap)


@pytest.fixture
def world(engine: Engine) -> World:
    world = World.make(engine)
    world.save(world.with_pair())
    return world


@pytest.fixture
def district(engine: Engine) -> District:
    district = District.make(engine)
    district.rise()
    return district


def reported(district: District) -> ProgrammeState:
    """The first school's report is accepted, the second's is sent, the third's is not there."""
    state = district.joined(district.inviting(*district.schools()), 1, 2, 3)
    state = district.came(state, 1, district.entered(1, meetings=9, **COUNTS, **SUPPORTED))
    state = district.came(state, 2, district.entered(2, **COUNTS))
    return district.answered(state, 1)


def inputs(world: World, **said: object) -> str:
    return world.desk.keep_text(
        KeptText(
            id=ids.new_id(),
            organisation_id=world.organisation,
            kind="inputs",
            subject=world.cycle_workflow,
            author="user-curator",
            body=said,
        )
    )


def origins(found: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["figure"]: one for one in found["origins"]}


# A cycle's own figures


def test_each_figure_of_a_report_names_its_measure_its_period_and_its_rows(world: World) -> None:
    found = facts(world, "report")
    told = origins(found)
    figures = {name: str(found[name]) for name in found if isinstance(found[name], int)}
    targets = {"targets_reached.1": "1", "targets_reached.2": "50"}
    assert {name: one["value"] for name, one in told.items()} == {**figures, **targets}
    pairs = told["pairs_total"]
    assert (pairs["title"], pairs["source"], pairs["rows"]) == ("Пары", "учёт программы", 1)
    assert pairs["period"].replace("\u00a0", " ") == "с 1 сентября 2026 г. по 30 июня 2027 г."
    assert pairs["day"]["iso"] == "2026-09-07"
    assert pairs["path"] == f"/cycles/{world.cycle}/measures/pairs?turn=1"


def test_the_path_of_a_figure_leads_to_the_rows_that_make_it_up(world: World) -> None:
    for one in facts(world, "organisation_monitoring")["origins"]:
        measure = one["path"].split("/")[-1].partition("?")[0]
        rows = world.views.measure_rows(world.organisation, world.cycle, measure, 1, named=False)
        assert len(rows.rows) == one["rows"]
        assert one["value"] == f"{rows.line.value}"


def test_figures_by_form_are_told_each(world: World) -> None:
    found = facts(world, "organisation_monitoring")
    told = origins(found)
    for n, row in enumerate(found["by_form"], start=1):
        for column in ("mentors", "mentees", "pairs", "completed"):
            assert told[f"by_form.{n}.{column}"]["value"] == str(row[column])


def test_a_figure_that_a_person_has_put_in_says_by_whom_and_when(world: World) -> None:
    amended = inputs(world, meetings=40, targets_reached=[])
    found = facts(world, "report", inputs_id=amended)
    told = origins(found)
    assert found["meetings"] == 40
    meetings = told["meetings"]
    assert (meetings["value"], meetings["rows"]) == ("40", 0)
    assert meetings["source"].startswith("внесено вручную: user-curator, ")
    assert meetings["path"].startswith("/documents/")
    assert told["pairs_total"]["source"] == "учёт программы"
    assert len([one for one in found["origins"] if one["figure"] == "meetings"]) == 1


# Organisations below


def test_organisations_stand_with_what_was_accepted_and_where_it_is_from(
    district: District,
) -> None:
    reported(district)
    (row,) = facts(district, "municipal_summary")["organisations_below"]
    assert {
        name: row[name] for name in ("mentors", "mentees", "pairs", "completed", "stopped")
    } == {
        "mentors": 3,
        "mentees": 5,
        "pairs": 4,
        "completed": 3,
        "stopped": 1,
    }
    assert (row["name"], row["meetings"]) == ("СОШ s-1", 9)
    assert row["reported"] == ("07.09.2026, внесён вручную: user-curator, источник: письмо № 41")
    assert row["path"] == f"/cycles/{district.cycle}/branches/1?demand={DEMAND}&turn=1"


def test_who_has_not_reported_is_named_with_how_the_report_stands(district: District) -> None:
    state = reported(district)
    assert facts(district, "municipal_summary")["not_reported"] == [
        "СОШ s-2 (отчёт ещё не принят)",
        "СОШ s-3",
    ]
    by = Actor(user_id="user-curator", role=AccessRole.CURATOR)
    excused = Excuse(by=by, note_id="n", n=3, demand=DEMAND, turn=1)
    district.saved(district.answered(state, 2).report_excused(excused, NOW))
    assert facts(district, "municipal_summary")["not_reported"] == [
        "СОШ s-3 (освобождена от отчёта)"
    ]


def test_all_have_reported_or_nobody_is_asked(district: District) -> None:
    district.save(district.planned())
    found = facts(district, "municipal_summary")
    assert (found["organisations_below"], found["not_reported"]) == ([], None)


def test_a_cycle_whose_pairs_are_below_counts_those_of_the_accepted_reports(
    district: District,
) -> None:
    reported(district)
    found = facts(district, "analytical_note")
    told = origins(found)
    assert (found["mentors"], found["pairs_total"], found["pairs_stopped"]) == (3, 4, 1)
    assert told["mentors"]["source"] == "принятые отчёты организаций"
    assert "measures/below_mentors?" in told["mentors"]["path"]
    assert (told["pairs_total"]["value"], told["pairs_total"]["rows"]) == ("4", 1)
    assert "organisations_below.pairs" not in told, "told already"
    sums = origins(facts(district, "municipal_summary"))
    assert (
        sums["organisations_below.pairs"]["value"],
        sums["organisations_below.pairs"]["rows"],
    ) == (*("4", 1),)


# Papers about one organisation


def about(district: District, branch: int) -> DocumentState:
    """A checklist of an organisation, drafted and saved."""
    wish = DraftDocument(
        by=Actor(user_id="user-curator", role=AccessRole.CURATOR),
        document_id=ids.new_id(),
        kind="inspection_checklist",
        branches=(branch,),
    )
    state = district.joined(district.inviting(*district.schools())).document_asked(wish, NOW)
    state = district.saved(state)
    (paper,) = (paper for paper in state.papers() if paper.branch == branch)
    sheet = state.document(paper, NOW)
    facts(district, sheet.kind, document_id=sheet.document_id, branch=branch)
    district.save(sheet)
    return sheet


def test_a_list_tells_papers_about_organisations_apart(district: District) -> None:
    sheet = about(district, 2)
    shown = district.views.document(district.organisation, sheet.document_id)
    assert shown.title == "Контрольный лист проверки организации: СОШ s-2"
    _, faults = check_rows(district.engine)
    assert [one for one in faults if sheet.document_id in one] == []


def test_what_a_version_was_printed_from_is_read_back_and_is_not_strangers(
    district: District,
) -> None:
    sheet = about(district, 2)
    known = district.views.version_facts(district.organisation, sheet.document_id)
    assert (known.kind, known.version) == ("inspection_checklist", 1)
    assert known.facts["about_organisation"] == "СОШ s-2"
    with pytest.raises(NotFound):
        district.views.version_facts(district.organisation, sheet.document_id, 7)
    with pytest.raises(NotFound):
        district.views.version_facts("0" * 16, sheet.document_id)


# Advice


def test_advice_is_for_each_organisation_that_gives_reason(district: District) -> None:
    reported(district)
    advice = [one["finding"] for one in facts(district, "recommendations")["advice"]]
    assert [one.replace("\u00a0", " ") for one in advice] == [
        "СОШ s-1: прекратили работу досрочно пары: 1 из 4",
        f"СОШ s-1: {SHARE} — 62,5 % при плане 70 %",
        "СОШ s-2: не принят отчёт «Отчёт за год»",
        "СОШ s-3: не принят отчёт «Отчёт за год»",
    ]


def test_a_paper_about_one_organisation_names_it_and_advises_it_alone(district: District) -> None:
    reported(district)
    about = facts(district, "recommendations", branch=1)
    assert about["about_organisation"] == "СОШ s-1"
    assert [one["finding"].partition(":")[0] for one in about["advice"]] == [
        "прекратили работу досрочно пары",
        f"{SHARE} — 62,5\u00a0% при плане 70\u00a0%",
    ]
    sheet = facts(district, "inspection_checklist", branch=2)
    assert sheet["about_organisation"] == "СОШ s-2"


def test_a_paper_about_an_organisation_that_is_not_there_is_refused(district: District) -> None:
    reported(district)
    with pytest.raises(FactMissing, match="номером 7"):
        facts(district, "recommendations", branch=7)


def test_advice_is_a_proposal_that_a_person_may_amend(district: District) -> None:
    reported(district)
    own = [{"finding": "наблюдение", "action": "дело", "due": "март"}]
    found = facts(district, "recommendations", inputs_id=inputs(district, advice=own))
    assert found["advice"] == own


def test_nobody_below_is_named(district: District) -> None:
    """Of an organisation below nothing but its name is read."""
    (school, *_) = district.schools()
    district.desk.enrol(school, Enrolment(people=PEOPLE))
    state = district.joined(district.inviting(school), 1)
    district.answered(district.came(state, 1, district.entered(1, **COUNTS)), 1)
    said = str(facts(district, "municipal_summary")["organisations_below"])
    assert not [one.last for one in PEOPLE if one.last in said]
