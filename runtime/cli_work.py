"""The commands of people's daily work: what the pages do, for hands that like a terminal."""

import re
from typing import Annotated, Any

import typer

from runtime.cli_options import Json
from runtime.output import edge, show

app = typer.Typer(no_args_is_help=True)
pair_app = typer.Typer(help="Пары наставников и наставляемых.", no_args_is_help=True)

DocumentId = Annotated[str, typer.Argument(metavar="ID", help="Код документа: nastavnik inbox.")]
Version = Annotated[
    int | None,
    typer.Option(min=1, help="Только если последняя версия эта.", show_default="последняя"),
]


@app.command()
def inbox(as_json: Json = False) -> None:
    """Что ждёт вас: сначала самое срочное."""
    from runtime.client import client
    from runtime.work_words import inbox_words

    with edge(as_json=as_json), client() as service:
        found = service.get("/inbox")
        show(found, as_json=as_json, words=lambda: inbox_words(found))


@app.command()
def approve(document_id: DocumentId, version: Version = None, as_json: Json = False) -> None:
    """Утвердить последнюю версию документа."""
    with edge(as_json=as_json):
        _decide(document_id, "approve", None, version, as_json=as_json)


@app.command("return")
def send_back(
    document_id: DocumentId,
    remark: Annotated[str, typer.Option(help="Что исправить.")],
    version: Version = None,
    as_json: Json = False,
) -> None:
    """Вернуть документ на доработку с замечанием."""
    from runtime.settings import WrongCall

    with edge(as_json=as_json):
        if not remark.strip():
            raise WrongCall("--remark: напишите, что исправить; без замечания вернуть нельзя.")
        _decide(document_id, "send_back", remark.strip(), version, as_json=as_json)


@app.command()
def waiting(
    id_: Annotated[
        str | None,
        typer.Argument(metavar="[ID]", help="Код цикла, пары или документа.", show_default="все"),
    ] = None,
    as_json: Json = False,
) -> None:
    """Чего, от кого, с какого дня и до какого ждём, и что потом; без кода — все программы."""
    from runtime.client import client
    from runtime.work_words import waiting_words

    with edge(as_json=as_json):
        asked = {} if id_ is None else {"id": _id(id_)}
        with client() as service:
            found = service.get("/waiting", id_ or "", **asked)
            page = 1
            while len(found["waiting"]) < found["total"]:
                page += 1
                more = service.get("/waiting", id_ or "", **asked, page=str(page))["waiting"]
                if not more:
                    break  # less waits by now
                found["waiting"] += more
        show(found, as_json=as_json, words=lambda: waiting_words(found))


@pair_app.callback()
def pair() -> None:
    """Пары наставников и наставляемых."""


@pair_app.command("show")
def pair_show(
    pair_id: Annotated[str, typer.Argument(metavar="ID", help="Код пары.")], as_json: Json = False
) -> None:
    """Пара: кто, на каком этапе, чего ждёт и что с ней было."""
    from runtime.client import client
    from runtime.work_words import pair_words

    with edge(as_json=as_json):
        path = f"/pairs/{_id(pair_id)}"
        with client() as service:
            found: dict[str, Any] = {"pair": service.get(path, pair_id), "timeline": []}
            after: int | None = 0
            while after is not None:
                page = service.get(f"{path}/timeline", pair_id, after=str(after))
                found["timeline"] += page["timeline"]
                after = page["next"]
        show(found, as_json=as_json, words=lambda: pair_words(found))


def _decide(
    document_id: str, outcome: str, remark: str | None, version: int | None, *, as_json: bool
) -> None:
    """Decide on the version that stands there now, and tell what is waited for then. Where another
    one is meant, the service refuses.
    """
    from runtime.client import client
    from runtime.work_words import decided_words

    path = f"/documents/{_id(document_id)}"
    with client() as service:
        read = service.get(path, document_id)
        meant = read["version"] if version is None else version
        body = {"version": meant, "sha256": read["draft_sha256"], "outcome": outcome}
        answer = service.post(f"{path}/decision", document_id, {**body, "remark": remark})
        found = {**answer, "document": service.get(path, document_id)}
    show(found, as_json=as_json, words=lambda: decided_words(outcome, read, found["document"]))


def _id(text: str) -> str:
    from runtime.settings import WrongCall

    if not re.fullmatch(r"[0-9a-f]{16}", text):
        raise WrongCall(f"{text}: ожидается код из 16 знаков 0–9 и a–f")
    return text
