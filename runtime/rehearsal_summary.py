"""What is left of a rehearsal: its figures, and what a whole one must have come to and did not."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from adapters.postgres.watch import CycleTotals
from domain.base import Value
from domain.people import AccessRole
from runtime.bundle import write_bundle
from runtime.bundle_check import Checked, check_bundle
from runtime.cast import needs_a_sitting
from runtime.checks import check_all
from runtime.export import bundle_of
from runtime.home import Home
from runtime.rehearsed import Office
from runtime.rehearsed_reports import FIGURE
from runtime.settings import Settings
from runtime.times import Times
from runtime.wiring import Parts

_SUMMED: Final = ("pairs", "mentors", "mentees")
"""Counts of a report that are counted here once more, from the registers of the cycles below."""

Notices = Sequence[Mapping[str, Any]]


class Summary(Value):
    """What a rehearsal came to: figures of all its cycles; `cycle` is the one on top."""

    ok: bool
    roadmap: str
    cycle: str
    organisations: int
    rows_total: int
    rows_done: int
    steps_total: int
    steps_done: int
    pairs: int
    documents: int
    kinds: int
    returned: int
    approvals: int
    sittings: int
    registered: int
    signatures: int
    sealed: int
    reminders: int
    escalations: int
    audit_events: int
    reports: int
    """From organisations below, that were accepted."""
    verified: int
    bundles: int
    """One of each cycle; all were checked."""
    bundle: str
    """That of the cycle on top."""
    problems: tuple[str, ...]
    seconds: float = 0.0
    times: dict[str, float] = {}
    """Of these seconds, how many went on what (`Times`)."""


def summary_of(
    settings: Settings, parts: Parts, offices: Sequence[Office], home: Home, times: Times
) -> Summary:
    """Bundles of all cycles written and checked, everything compared, figures added up."""
    top = offices[0]
    folder = home.path / "bundles"
    folder.mkdir(exist_ok=True)
    with times.on("export"):
        checked = [_bundled(parts, office, folder) for office in offices]
    with times.on("check"):
        report = check_all(settings, parts)
    notices: Counter[str] = Counter()
    shortfalls: list[str] = []
    for office in offices:
        told = _notices(office)
        notices.update(one["kind"] for one in told)
        found = _shortfalls(parts.watch.totals(office.cycle_id), told, office)
        shortfalls += (_of(office, one) for one in found)
    reports, wrong = _reports(offices)
    problems = [
        *(problem for one in checked for problem in one.problems),
        *(fault for one in report.invariants for fault in one.problems),
        *shortfalls,
        *wrong,
    ]
    totals = parts.watch.totals(*(office.cycle_id for office in offices))
    return Summary(
        ok=not problems,
        roadmap=top.roadmap.roadmap,
        cycle=top.cycle_id,
        organisations=len(offices) + sum(_outside(office) for office in offices),
        **totals.model_dump(exclude={"pairs_completed"}),
        reminders=notices["reminder"],
        escalations=notices["escalation"],
        reports=reports,
        verified=sum(one.signed_files for one in checked),
        bundles=len(checked),
        bundle=str(_bundle_of(folder, top)),
        problems=tuple(problems),
    )


def _bundle_of(folder: Path, office: Office) -> Path:
    return folder / f"{office.roadmap.roadmap}-{office.cycle_id}.zip"


def _bundled(parts: Parts, office: Office, folder: Path) -> Checked:
    path = _bundle_of(folder, office)
    write_bundle(path, bundle_of(parts, "cycle", office.cycle_id))
    return check_bundle(path, parts.log.checkpoint(office.organisation_id).key)


def _notices(office: Office) -> Notices:
    auditor = office.people[AccessRole.AUDITOR]
    found: Notices = auditor.get(f"/cycles/{office.cycle_id}/notices")["notices"]
    return found


def _outside(office: Office) -> int:
    return sum(one.outside for one in office.script.invited)


def _of(office: Office, problem: str) -> str:
    if not office.script.place:
        return problem
    return f"{office.script.cast.organisation.short_name}: {problem}"


def _shortfalls(totals: CycleTotals, notices: Notices, office: Office) -> Iterator[str]:
    """What a whole cycle must have come to, and did not."""
    plot = office.plot
    if totals.steps_done != totals.steps_total:
        yield f"строк выполнено {totals.steps_done} из {totals.steps_total}"
    if totals.pairs_completed < (pairs := max(totals.pairs, office.pairs)):
        yield f"пар завершено {totals.pairs_completed} из {pairs}"
    if totals.sealed != totals.documents:
        yield f"документов заложено на хранение {totals.sealed} из {totals.documents}"
    if totals.sittings == 0 and needs_a_sitting(office.roadmap):
        yield "ни один документ не рассмотрен на заседании"
    if plot.signed_by_key and not 0 < totals.signatures < totals.sealed:
        yield f"электронной подписью подписано {totals.signatures} из {totals.sealed}"
    if plot.returned and totals.returned == 0:
        yield "ни один документ не возвращён на доработку"
    seen = {one["kind"] for one in notices if f"/{plot.forgotten}" in one["task_id"]}
    for kind in ("reminder", "escalation") if plot.forgotten else ():
        if kind not in seen:
            yield f"о пропущенном сроке не пришло: {kind}"


def _reports(offices: Sequence[Office]) -> tuple[int, list[str]]:
    """How many reports were accepted; which were not, and sums that are others than those below
    count.
    """
    accepted, wrong = 0, []
    for office in offices:
        for page in office.reports.pages() if office.script.invited else ():
            accepted += page["states"].get("accepted", 0)
            title = page["demand"]["title"]
            if left := {one: n for one, n in page["states"].items() if one != "accepted"}:
                wrong.append(_of(office, f"«{title}»: отчёты не приняты: {left}"))
            back = office.plot.returned_report
            asked_again = back is not None and page["demand"]["demand"] == back.demand
            if asked_again and all(line["version"] in (None, 1) for line in page["lines"]):
                wrong.append(_of(office, f"«{title}»: ни один отчёт не возвращён и не исправлен"))
            if page["demand"]["demand"] == office.plot.summed:
                sums = {one["name"]: one["value"] for one in page["sums"]}
                counted = {name: str(n) for name, n in _counted(office, offices).items()}
                if counted != {name: sums.get(name) for name in counted}:
                    wrong.append(_of(office, f"«{title}»: сосчитано {counted}, в своде {sums}"))
    return accepted, wrong


def _counted(office: Office, offices: Sequence[Office]) -> Counter[str]:
    """What the cycles below come to by their registers, with what those outside have said."""
    found = Counter({name: FIGURE * _outside(office) for name in _SUMMED})
    below = {script.place for script in office.script.below}
    for one in offices:
        if one.script.place in below:
            pairs = one.people[AccessRole.AUDITOR].get(f"/cycles/{one.cycle_id}/register")["pairs"]
            found["pairs"] += len(pairs)
            found["mentors"] += len({pair["mentor"]["id"] for pair in pairs})
            found["mentees"] += len({pair["mentee"]["id"] for pair in pairs})
            found += _counted(one, offices)
    return found
