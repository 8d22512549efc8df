"""A district with its schools, for the saved histories."""

from domain.messages import Reminded
from domain.upper import SendReport
from tests.nested_builders import DEMAND, a_release, an_answer, an_entry_of, an_excuse
from tests.workflows.nested import INSPECTING, District, tasks_of
from tests.workflows.rows import CURATOR
from tests.workflows.world import Handle, World, ask


async def upper_cycle(world: World) -> Handle:
    """Two report, one of them twice; one is excused, one outside, one leaves."""
    upper, _ = await a_year(world)
    return upper


async def lower_cycle(world: World) -> Handle:
    """Reminded, returned, corrected, accepted."""
    _, lower = await a_year(world)
    return lower


async def cycle_that_let_go(world: World) -> Handle:
    """One that has joined leaves while its report waits; another before it has sent one."""
    upper, _ = await a_parting(world)
    return upper


async def cycle_that_left(world: World) -> Handle:
    """Its report went up, and nobody answers it."""
    _, lower = await a_parting(world)
    return lower


async def cycle_that_inspects(world: World) -> Handle:
    """A document about each: one leaves, one comes later, one is drafted again."""
    district = await District.begin(world, 2, INSPECTING)
    await district.inspect()
    return district.upper


async def a_parting(world: World) -> tuple[Handle, Handle]:
    district = await District.begin(world, 2)
    first, second = [await district.launch(n) for n in (1, 2)]
    await district.work(first)
    await district.stands(1, "sent")
    for n in (1, 2):
        await district.ask("release_branch", a_release(n, by=CURATOR))
    await first.result()
    await world.until(lambda: "left_upper" in world.ledger.actions(second.id))
    await district.close()
    return district.upper, first


async def a_year(world: World) -> tuple[Handle, Handle]:
    district = await District.begin(world, 5)
    first, second = [await district.launch(n) for n in (1, 2)]
    await second.signal("reminded", Reminded(demand=DEMAND, turn=1, kind="reminder"))
    for school in (first, second):
        await district.work(school)
    await district.stands(1, "sent")
    await district.stands(2, "sent")
    await district.ask("answer_reports", an_answer(1, by=CURATOR))
    await district.ask("answer_reports", an_answer(2, accepted=False, by=CURATOR))
    await world.until(lambda: tasks_of(world, second) == ["correct_report"])
    await ask(second, "send_report", SendReport(by=CURATOR, item="2", result="result"))
    await world.until(lambda: district.branch(2).reports["yearly@1"].version == 2)
    await district.ask("answer_reports", an_answer(2, by=CURATOR))
    await second.result()
    await district.ask("excuse", an_excuse(3, by=CURATOR))
    await district.ask("enter_report", an_entry_of(4, by=CURATOR))
    await district.ask("release_branch", a_release(5, by=CURATOR))
    await district.close()
    return district.upper, second
