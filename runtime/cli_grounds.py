"""The command about legal grounds."""

import datetime as dt
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from runtime.cli_options import HomeDir, Json
from runtime.output import edge, say, show

app = typer.Typer(help="Правовые основания документов.", no_args_is_help=True)


@app.callback()
def grounds() -> None:
    """Правовые основания документов."""


@app.command("list")
def grounds_list(
    organisation: Annotated[str, typer.Argument(help="Код организации.")],
    on: Annotated[
        str | None, typer.Option(help="На какой день, ГГГГ-ММ-ДД.", show_default="сегодня")
    ] = None,
    home: HomeDir = None,
    as_json: Json = False,
) -> None:
    """Акты организации; утратившие силу отмечены."""
    from runtime.beside import running_parts
    from runtime.settings import WrongCall
    from runtime.words import ground_words

    with edge(as_json=as_json), running_parts(home, say) as (_, parts):
        zone = ZoneInfo(parts.views.time_zone(organisation))
        try:
            day = dt.date.fromisoformat(on) if on else dt.datetime.now(zone).date()
        except ValueError as error:
            raise WrongCall(f"--on {on}: ожидается дата ГГГГ-ММ-ДД") from error
        found = parts.views.grounds(organisation, day)
        show(
            {"on": day.isoformat(), "grounds": [act.model_dump(mode="json") for act in found]},
            as_json=as_json,
            words=lambda: "\n".join(map(ground_words, found)),
        )
