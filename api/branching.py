"""What the API does about the cycles below a cycle: invitations, reports, and their launch."""

from typing import Literal

from starlette.concurrency import run_in_threadpool

from activities.organisation_ports import EnteredFigures
from activities.tasks import Launch
from api import branch_schemas as schemas
from api import choosing, next_year
from api.act import Act
from api.launch_schemas import NextAsked
from api.launching import below_of
from api.routes.branch_reading import BranchAsked, OrganisationAsked
from api.schemas import Answered
from api.services import Services
from api.uploads import XLSX, Upload
from domain import ids
from domain.branch_wishes import MOST, AnswerReports, EnterReport, Excuse, Invite, ReleaseBranch
from domain.errors import NotFound, WrongState
from domain.programme import ProgrammeState
from domain.report_forms import Asked, Figure, ReportForm, asked_of, checked
from domain.reporting import place
from domain.upper import Upper

Ending = Literal["xlsx", "docx"]


async def invite(act: Act, cycle_id: str, said: schemas.Invitation) -> Answered:
    """Invite organisations below. Raises `NotFound` for one that is not, or if none matches."""
    cycle = await act.reach(ids.cycle_workflow(cycle_id))
    chosen = await run_in_threadpool(_chosen, act, cycle_id, said)
    return await act.send(cycle, Invite, below_ids=chosen)


async def accept(act: Act, cycle_id: str, said: schemas.Acceptance) -> Answered:
    """Accept reports, all or none."""
    cycle = await act.reach(ids.cycle_workflow(cycle_id))
    return await act.send(cycle, AnswerReports, accepted=True, **dict(said))


async def give_back(act: Act, cycle_id: str, n: int, said: schemas.ReturnedReport) -> Answered:
    """Return the report of one branch."""
    cycle = await act.reach(ids.cycle_workflow(cycle_id))
    note = await act.keep("remark", cycle, {"text": said.remark})
    which = {"demand": said.demand, "turn": said.turn, "branches": (n,), "accepted": False}
    return await act.send(cycle, AnswerReports, note, **which)


async def excuse(act: Act, cycle_id: str, n: int, said: schemas.ExcusedReport) -> Answered:
    """Excuse one branch from a report."""
    cycle = await act.reach(ids.cycle_workflow(cycle_id))
    note = await act.keep("reason", cycle, {"text": said.reason})
    return await act.send(cycle, Excuse, note, n=n, demand=said.demand, turn=said.turn)


async def release(act: Act, cycle_id: str, n: int, said: schemas.Leave) -> Answered:
    """An organisation leaves the cycle."""
    cycle = await act.reach(ids.cycle_workflow(cycle_id))
    note = await act.keep("reason", cycle, {"text": said.reason})
    return await act.send(cycle, ReleaseBranch, note, n=n)


async def enter(act: Act, cycle_id: str, n: int, said: schemas.EnteredReport) -> Answered:
    """Enter figures in the place of a branch. Raises `BadFigures`, and nothing is kept."""
    cycle = await act.reach(ids.cycle_workflow(cycle_id))
    of = schemas.OfDemand(demand=said.demand, turn=said.turn)

    def keep() -> int:
        form = form_of(act.services, act.user.organisation_id, cycle_id, n, of)
        return _keep(act, cycle_id, n, of, checked(form.asked, said.figures), said.source)

    return await _entered(act, cycle, n, of, await run_in_threadpool(keep))


async def upload(
    act: Act,
    cycle_id: str,
    n: int,
    of: schemas.OfDemand,
    source: str | None,
    file: Upload,
) -> Answered:
    """Take a filled form in the place of a branch: the figures as a version, the file beside them.

    Raises `BadUpload` or `BadSpreadsheet`, and nothing is kept.
    """
    cycle = await act.reach(ids.cycle_workflow(cycle_id))
    services, organisation = act.services, act.user.organisation_id

    def read() -> dict[str, Figure]:
        form = form_of(services, organisation, cycle_id, n, of)
        ending: Literal["xlsx", "docx"] = "xlsx" if file.media_type == XLSX else "docx"
        return services.read_report(file.content, ending, form)

    figures = await run_in_threadpool(read)
    file_id = ids.derived_id(cycle, "branch", str(n), place(of.demand, of.turn))
    stored = await act.store(file_id, 1, file.content, file.media_type)
    version = await run_in_threadpool(_keep, act, cycle_id, n, of, figures, source, stored.sha256)
    return await _entered(act, cycle, n, of, version)


async def launch(act: Act, cycle_id: str, n: int, said: schemas.BranchLaunch) -> str:
    """Launch the cycle that was asked for; its id.

    Raises `NotFound` without an invitation, `WrongState` if it holds no more, and as a launch.
    """
    state = await run_in_threadpool(_prepare, act, cycle_id, n, said)
    await act.services.gateway.launch(state)
    return state.cycle_id


def asked_by(services: Services, organisation_id: str, cycle_id: str) -> tuple[Asked, ...]:
    """What reports to a cycle are asked to say. Raises `NotFound`."""
    upper = services.views.roadmap(organisation_id, cycle_id)
    return asked_of(upper, below_of(services, upper))


def entered_in(services: Services, organisation_id: str, cycle_id: str) -> dict[str, Asked]:
    """The indicators among that, by name."""
    asked = asked_by(services, organisation_id, cycle_id)
    return {one.name: one for one in asked if one.entered}


def form_of(
    services: Services, organisation_id: str, cycle_id: str, n: int, of: schemas.OfDemand
) -> ReportForm:
    """The form of a branch's report, with what it said last. Raises `NotFound`."""
    upper = services.views.roadmap(organisation_id, cycle_id)
    asked = asked_of(upper, below_of(services, upper))
    which = BranchAsked(demand=of.demand, turn=of.turn)
    now = services.process_now()
    branch = services.views.branch(organisation_id, cycle_id, n, which, {}, now)
    if branch.demand is None:
        raise NotFound("the cycle asks for no such report")
    said = branch.versions[0].figures if branch.versions else ()
    known = {one.name: one.value for one in said}
    figures: dict[str, Figure] = {
        one.name: known[one.name] if one.entered else int(known[one.name])
        for one in asked
        if one.name in known
    }
    return ReportForm(
        key=f"{cycle_id}/{n}/{place(of.demand, of.turn)}",
        organisation=branch.line.name,
        programme=upper.title,
        title=branch.demand.title,
        year=f"год {of.turn}" if of.turn > 1 else "",
        asked=asked,
        figures=figures,
    )


def _chosen(act: Act, cycle_id: str, said: schemas.Invitation) -> tuple[str, ...]:
    views, organisation = act.services.views, act.user.organisation_id
    if said.again:
        before = views.branches_before(organisation, cycle_id)
        if not before:
            raise NotFound("nobody of the year before is still below")
        new_first = sorted(before, key=lambda one: one.invited)
        return tuple(one.organisation_id for one in new_first[:MOST])
    if said.matching is not None:
        asked = OrganisationAsked(kind=said.matching.kind, tag=said.matching.tag)
        found = views.ids_below(organisation, asked)
        if not found:
            raise NotFound("no organisation below matches")
        if len(found) > MOST:
            raise WrongState(f"{len(found)} organisations match, at most {MOST} go at once")
        return found
    strangers = set(said.ids or ()) - set(views.ids_below(organisation))
    if strangers:
        raise NotFound(f"not below: {', '.join(sorted(strangers))}")
    return said.ids or ()


def _keep(
    act: Act,
    cycle_id: str,
    n: int,
    of: schemas.OfDemand,
    figures: dict[str, Figure],
    source: str | None,
    file_sha256: str | None = None,
) -> int:
    entered = EnteredFigures(
        organisation_id=act.user.organisation_id,
        cycle_id=cycle_id,
        n=n,
        demand=of.demand,
        turn=of.turn,
        figures=figures,
        origin="uploaded" if file_sha256 else "entered",
        given_by=act.user.id,
        source=source,
        file_sha256=file_sha256,
        at=act.now,
    )
    return act.services.desk.enter_figures(entered)


async def _entered(act: Act, cycle: str, n: int, of: schemas.OfDemand, version: int) -> Answered:
    return await act.send(cycle, EnterReport, n=n, version=version, **dict(of))


def _prepare(act: Act, cycle_id: str, n: int, said: schemas.BranchLaunch) -> ProgrammeState:
    services, organisation = act.services, act.user.organisation_id
    views = services.views
    invited = views.invitation(organisation, cycle_id, n, act.now)
    if invited.stage == "left" or invited.roadmap is None:
        raise WrongState(f"branch {n} of cycle {cycle_id} has left")
    roadmap = services.roadmaps(invited.roadmap)
    asked = NextAsked(start=said.start, turns=said.turns, holders=said.holders)
    next_ = next_year.of_branch(services, organisation, invited, asked)
    if next_ is None and said.rows:
        raise NotFound("there was no cycle in the year before")
    people, bodies = views.people(organisation), views.bodies(organisation)
    upper = Upper(
        cycle_id=cycle_id,
        n=n,
        adapt=invited.adapt,
        turn=views.upper_turn(cycle_id, said.start),
    )
    own = ids.branch_cycle(cycle_id, n)
    kept = Launch(
        roadmap=roadmap,
        start=said.start,
        time_zone=views.time_zone(organisation),
        holders=choosing.holders_of(
            roadmap, next_.holders if next_ else said.holders, people, bodies
        ),
        turns=said.turns or roadmap.season.turns,
        launched_by=act.user.id,
        upper=upper,
        follows=invited.before if next_ else None,
        amended=next_.named(said.rows) if next_ else (),
    )
    services.desk.keep_launch(own, organisation, kept)
    return ProgrammeState(
        organisation_id=organisation,
        cycle_id=own,
        clock_offset=act.clock_offset,
        administrator=act.user.id,
        launched=act.now,
        upper=upper,
    )
