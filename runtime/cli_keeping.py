"""Commands by which nothing is lost: recover, backup, restore."""

import getpass
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from runtime.cli_options import HomeDir, Json
from runtime.output import REFUSED, edge, say, show

if TYPE_CHECKING:
    from pydantic import SecretStr

app = typer.Typer()


@app.command()
def recover(home: HomeDir = None, as_json: Json = False) -> None:
    """Поднять из записей процессы, которых в Temporal нет или которые там старше."""
    from runtime.beside import running_parts
    from runtime.recover import recover as bring_back
    from runtime.words import recovered_words

    with edge(as_json=as_json):
        with running_parts(home, say) as (settings, parts):
            found = bring_back(settings, parts, say)
        show(found, as_json=as_json, words=lambda: recovered_words(found))
        if not found.ok:
            raise typer.Exit(REFUSED)


@app.command()
def backup(
    to: Annotated[
        Path | None, typer.Argument(help="Каталог копий.", show_default="NASTAVNIK_BACKUP_TO")
    ] = None,
    home: HomeDir = None,
    as_json: Json = False,
) -> None:
    """Скопировать всё, кроме главного ключа, пока служба работает; старые копии удаляются."""
    from runtime.backup import backup as copy
    from runtime.beside import running_parts
    from runtime.settings import WrongCall, read_settings
    from runtime.words import backup_words

    with edge(as_json=as_json):
        known = read_settings(home=home)
        folder = to or known.backup.to
        if folder is None:
            raise WrongCall("Скажите, куда: nastavnik backup КАТАЛОГ или NASTAVNIK_BACKUP_TO.")
        with running_parts(home, say) as (settings, parts):
            embedded = not known.names_servers()
            found = copy(settings, parts, folder, say, embedded=embedded)
        show(found, as_json=as_json, words=lambda: backup_words(found))
        if not found.ok:
            raise typer.Exit(REFUSED)


@app.command()
def restore(
    source: Annotated[Path, typer.Argument(metavar="FROM", help="Каталог копий.")],
    at: Annotated[str | None, typer.Option(help="Имя копии.", show_default="самая новая")] = None,
    master_key_file: Annotated[
        Path | None, typer.Option(help="Файл с главным ключом.", show_default="спросить")
    ] = None,
    home: HomeDir = None,
    as_json: Json = False,
) -> None:
    """Восстановить из копии на пустой машине, поднять процессы и всё проверить."""
    from runtime.restore import restore as bring_back
    from runtime.settings import read_settings
    from runtime.words import restored_words

    with edge(as_json=as_json):
        settings = read_settings(home=home)
        master = _master_key(master_key_file) or settings.secret.master_key or _asked_key()
        found = bring_back(settings, source, at, master, say)
        show(found, as_json=as_json, words=lambda: restored_words(found))
        if not found.ok:
            raise typer.Exit(REFUSED)


def _master_key(file: Path | None) -> "SecretStr | None":
    from pydantic import SecretStr

    return SecretStr(file.read_text("utf-8").strip()) if file else None


def _asked_key() -> "SecretStr":
    from pydantic import SecretStr

    from runtime.settings import WrongCall

    if not sys.stdin.isatty():
        raise WrongCall("Нужен главный ключ: --master-key-file ФАЙЛ или NASTAVNIK_MASTER_KEY.")
    return SecretStr(getpass.getpass("Главный ключ (не показывается): ").strip())
