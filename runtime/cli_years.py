"""The commands of years: standing orders, and the year that follows."""

import re
from typing import Annotated, Any

import typer

from runtime.cli_options import Json
from runtime.output import REFUSED, edge, show

app = typer.Typer(help="Ежегодные запуски.", no_args_is_help=True)

OrderId = Annotated[str, typer.Argument(metavar="ID", help="Код запуска: nastavnik yearly list.")]
Holder = Annotated[
    list[str] | None,
    typer.Option(help="Роль и код человека или органа: director:D-01; можно несколько."),
]


@app.command("list")
def yearly_list(as_json: Json = False) -> None:
    """Какие есть, чем кончился последний запуск и чего не хватает следующему."""
    from runtime.client import client
    from runtime.year_words import orders_words

    with edge(as_json=as_json), client() as service:
        found = service.get("/yearly")
        show(found, as_json=as_json, words=lambda: orders_words(found["orders"]))


@app.command("order")
def order(
    roadmap: Annotated[str, typer.Argument(help="Имя дорожной карты: roadmap list.")],
    holder: Holder = None,
    as_json: Json = False,
) -> None:
    """Запускать дорожную карту каждый год в первый день её сезона."""
    with edge(as_json=as_json):
        body = {"roadmap": roadmap, "holders": held(holder or [])}
        _post("/yearly", roadmap, body, as_json=as_json)


@app.command("pause")
def pause(order_id: OrderId, as_json: Json = False) -> None:
    """Приостановить."""
    _change(order_id, "paused", as_json=as_json)


@app.command("resume")
def resume(order_id: OrderId, as_json: Json = False) -> None:
    """Возобновить."""
    _change(order_id, "active", as_json=as_json)


@app.command("end")
def end(order_id: OrderId, as_json: Json = False) -> None:
    """Прекратить; что запущено, идёт дальше."""
    _change(order_id, "ended", as_json=as_json)


@app.command("launch")
def launch(order_id: OrderId, as_json: Json = False) -> None:
    """Запустить сейчас, если в свой день запуск не прошёл."""
    with edge(as_json=as_json):
        _post(f"/yearly/{code(order_id)}/launch", order_id, {}, as_json=as_json)


def held(said: list[str]) -> dict[str, str]:
    """The roles and codes that `--holder` names. Raises `WrongCall`."""
    from runtime.settings import WrongCall

    found: dict[str, str] = {}
    for one in said:
        role, sign, named = one.partition(":")
        if not (role and sign and named):
            raise WrongCall(f"--holder {one}: ожидается РОЛЬ:КОД, например director:D-01")
        found[role] = named
    return found


def code(text: str) -> str:
    """An id of ours. Raises `WrongCall`."""
    from runtime.settings import WrongCall

    if not re.fullmatch(r"[0-9a-f]{16}", text):
        raise WrongCall(f"{text}: ожидается код из 16 знаков 0–9 и a–f")
    return text


def _change(order_id: str, state: str, *, as_json: bool) -> None:
    with edge(as_json=as_json):
        _post(f"/yearly/{code(order_id)}/state", order_id, {"state": state}, as_json=as_json)


def _post(path: str, about: str, body: dict[str, Any], *, as_json: bool) -> None:
    from runtime.client import client
    from runtime.year_words import order_words

    with client() as service:
        found = service.post(path, about, body)
    show(found, as_json=as_json, words=lambda: order_words(found))
    if found["outcome"] == "refused":
        raise typer.Exit(REFUSED)
