"""The commands about logs: their checkpoints, proofs of them, and witnesses."""

from pathlib import Path
from typing import Annotated

import typer

from runtime.cli_options import HomeDir, Json
from runtime.output import REFUSED, edge, say, show

app = typer.Typer(help="Журнал событий: отметки, доказательства, свидетели.", no_args_is_help=True)

Organisation = Annotated[str, typer.Argument(help="Код организации.")]
File = Annotated[Path, typer.Argument(help="Файл с отметкой или доказательством.")]
OutFile = Annotated[
    Path | None, typer.Option("-o", "--out", help="Куда записать.", show_default="на экран")
]
Key = Annotated[
    str | None, typer.Option(help="Ключ журнала, как его назвал владелец.", show_default="прежний")
]


def _text(file: Path) -> str:
    """The text of a file, each byte as it is: a signature is over bytes."""
    from domain.errors import ForgedCheckpoint

    try:
        return file.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise ForgedCheckpoint(f"{file}: это не текст") from error


def _written(out: Path | None, text: str) -> str:
    """Write it there, if that is asked for; what is told instead, else the text."""
    from runtime.home import write_result

    if out is None:
        return text
    write_result(out, text.encode())
    return str(out)


@app.command()
def checkpoint(
    organisation: Organisation, out: OutFile = None, home: HomeDir = None, as_json: Json = False
) -> None:
    """Подписанная отметка журнала на сейчас и ключ, которым она проверяется."""
    from runtime.beside import running_parts

    with edge(as_json=as_json), running_parts(home, say) as (_, parts):
        found = parts.log.checkpoint(organisation)
        words = _written(out, found.text)
        show(found, as_json=as_json, words=lambda: f"{words}\nКлюч журнала: {found.key}")


@app.command()
def proof(
    organisation: Organisation,
    out: OutFile = None,
    old: Annotated[
        int, typer.Option("--from", help="Сколько записей в отметке, что есть у свидетеля.", min=0)
    ] = 0,
    new: Annotated[
        int | None,
        typer.Option("--to", help="До отметки, где столько записей.", show_default="до новой"),
    ] = None,
    home: HomeDir = None,
    as_json: Json = False,
) -> None:
    """Для свидетеля: новая отметка и доказательство, что она продолжает его прежнюю."""
    from runtime.beside import running_parts

    with edge(as_json=as_json), running_parts(home, say) as (_, parts):
        found = parts.log.submission(organisation, old, new)
        words = _written(out, found.text)
        show(found, as_json=as_json, words=lambda: f"{words}\nКлюч журнала: {found.key}")


@app.command()
def witness(
    file: File,
    by: Annotated[str, typer.Option(help="Код организации, которая хранит отметку.")],
    key: Key = None,
    out: OutFile = None,
    home: HomeDir = None,
    as_json: Json = False,
) -> None:
    """Сохранить отметку чужого журнала и подписать, что он продолжает прежнюю."""
    from runtime.beside import running_parts

    with edge(as_json=as_json), running_parts(home, say) as (_, parts):
        kept = parts.witness.keep(by, _text(file), "system", key)
        _written(out, kept.note)
        words = (
            f"Сохранено: {kept.checkpoint.origin}, записей {kept.checkpoint.size}\n"
            f"{out or kept.cosignature.rstrip()}\nКлюч свидетеля: {kept.witness_key}"
        )
        show(kept, as_json=as_json, words=lambda: words)


@app.command()
def cosigned(
    organisation: Organisation,
    file: File,
    key: Annotated[str, typer.Option(help="Ключ свидетеля, как он его назвал.")],
    home: HomeDir = None,
    as_json: Json = False,
) -> None:
    """Сохранить нашу отметку с подписью свидетеля, которую он вернул."""
    from runtime.beside import running_parts

    with edge(as_json=as_json), running_parts(home, say) as (_, parts):
        at = parts.witness.keep_cosignature(organisation, _text(file), key, "system")
        show(
            {"signed_at": at.isoformat()},
            as_json=as_json,
            words=lambda: f"Свидетель подписал {at:%d.%m.%Y}",
        )


@app.command()
def check(file: File, key: Key = None, home: HomeDir = None, as_json: Json = False) -> None:
    """Продолжает ли журнал эту отметку; журнал читается целиком."""
    from domain.checkpoints import owner_of
    from runtime.beside import running_parts

    with edge(as_json=as_json), running_parts(home, say) as (_, parts):
        given = parts.log.verified(_text(file), key)
        size, found = parts.log.faults(owner_of(given.origin), [given])
        problems = list(found)
        show(
            {"ok": not problems, "size": size, "of": given.size, "problems": problems},
            as_json=as_json,
            words=lambda: (
                "\n".join(problems)
                or f"Журнал цел (записей {size}) и продолжает эту отметку (записей {given.size})."
            ),
        )
        if problems:
            raise typer.Exit(REFUSED)
