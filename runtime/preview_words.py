"""A preview as tables that fit a page: the rows by date, then the track of each pair."""

from collections.abc import Iterable
from datetime import date
from io import StringIO
from textwrap import wrap

from rich import box
from rich.console import Console
from rich.table import Table

from domain.preview import Demand, Item, PairStage, Paper, Preview

WIDTH = 100
"""Signs in a line."""


def preview_words(shown: Preview) -> str:
    """What a launch will ask. Later years repeat the rows of the first, so they are only named."""
    first = [item for item in shown.items if item.turn == 1]
    papers = sum(demand.document is not None for item in first for demand in item.results)
    head = [
        f"{shown.title}: {shown.roadmap}, версия {shown.version}",
        f"Запуск {_day(shown.start)}, цикл до {_day(shown.ends)}.",
        f"Строк в году: {len(first)}, документов в них: {papers}.",
        f"При запуске назначить: {', '.join(shown.roles.values())}.",
    ]
    past = sum(item.past for item in first)
    if past:
        head.append(f"Строк, срок которых прошёл до запуска: {past}.")
    later = [
        f"Год {turn.turn}, {_day(turn.opens)}–{_day(turn.ends)}: те же строки заново."
        for turn in shown.turns[1:]
    ]
    told = [line for paragraph in head for line in wrap(paragraph, WIDTH)]
    track = ("", "Путь каждой пары", _drawn(_track(shown.track))) if shown.track else ()
    return "\n".join((*told, _drawn(_rows(first)), *later, *track))


_PAST = "срок прошёл до запуска: подтвердите, что сделано тогда, или отметьте «не применяется»"


def _rows(items: Iterable[Item]) -> Table:
    table = _table()
    table.add_column("Когда", width=10)
    table.add_column("№", width=6)
    table.add_column("Что сделать и чем это подтверждается", ratio=1)
    table.add_column("Кто", width=24)
    for item in items:
        what = [item.title]
        if item.for_each:
            what.append(f"({item.for_each})")
        if item.late_days:
            what.append(f"(для пары, составленной позже, дней: {item.late_days})")
        what += [f"• {_demanded(demand)}" for demand in item.results]
        if item.ours:
            what.append(f"({_not_in_the_source(item.ours)})")
        if item.past:
            what.append(f"({_PAST})")
        when = (_day(item.opens), f"{_day(item.due)}" if item.due else "без срока")
        who = (item.who, *(f"+ {one}" for one in item.co_executors))
        table.add_row(*map("\n".join, (when, [item.id], what, who)))
    return table


def _track(stages: Iterable[PairStage]) -> Table:
    table = _table()
    table.add_column("Дней", width=5, justify="right")
    table.add_column("Этап", width=28)
    table.add_column("Что нужно", ratio=1)
    for stage in stages:
        needs = [stage.needs, *(f"• {_paper(paper)}" for paper in stage.documents)]
        table.add_row(str(stage.days), stage.title, "\n".join(needs))
    return table


_OURS = {"lead": "исполнителя", "deadline": "срок"}


def _not_in_the_source(ours: Iterable[str]) -> str:
    """«исполнителя и срок выбрали авторы карты: в источнике этого нет»"""
    if "row" in ours:
        return "строку составили авторы карты: в источнике её нет"
    return f"{' и '.join(_OURS[one] for one in ours)} выбрали авторы карты: в источнике этого нет"


def _demanded(demand: Demand) -> str:
    if demand.document is None:
        return f"{demand.title} — {demand.proved_by}"
    waiting = "; когда все пары к нему готовы" if demand.waits_for_pairs else ""
    return f"{demand.title} — {_paper(demand.document)}{waiting}"


def _paper(paper: Paper) -> str:
    by = (("утверждает", paper.approver), ("регистрирует", paper.registrar))
    acts = [f"{act} {who[:1].lower()}{who[1:]}" for act, who in by if who]
    if paper.route:
        acts.insert(0, f"маршрут: {' → '.join(paper.route)}")
    norm = f" — {paper.norm}" if paper.norm else ""
    where = f" ({paper.where})" if paper.where else ""
    return ", ".join((f"документ «{paper.title}»{where}", *acts)) + norm


def _table() -> Table:
    return Table(box=box.HORIZONTALS, expand=True, show_lines=True, pad_edge=False)


def _drawn(table: Table) -> str:
    """The table as plain text: what is printed may go to a file."""
    page = StringIO()
    Console(file=page, width=WIDTH, color_system=None, markup=False, emoji=False).print(table)
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines())


def _day(day: date) -> str:
    return f"{day:%d.%m.%Y}"
