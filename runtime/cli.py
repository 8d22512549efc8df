"""The command line. Each command speaks JSON with `--json` and ends with 0, 1 or 2."""

import io
import signal
import sys
from dataclasses import replace
from pathlib import Path
from threading import Event
from types import FrameType
from typing import Annotated

import typer
from typer.exceptions import TyperException

from runtime import (
    cli_documents,
    cli_grounds,
    cli_keeping,
    cli_log,
    cli_organisations,
    cli_roadmaps,
    cli_work,
    cli_years,
)
from runtime.cli_options import HomeDir, Json, Out
from runtime.output import REFUSED, WRONG_CALL, edge, fail, say, show

app = typer.Typer(
    name="nastavnik",
    help="Программы наставничества: от запуска цикла до проверки аудитором.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
export_app = typer.Typer(help="Свидетельства для аудитора.", no_args_is_help=True)
add_app = typer.Typer(help="Организация и учётные записи.", no_args_is_help=True)
app.add_typer(cli_roadmaps.app, name="roadmap")
app.add_typer(export_app, name="export")
app.add_typer(add_app, name="add")
app.add_typer(cli_documents.app)
app.add_typer(cli_work.app)
app.add_typer(cli_work.pair_app, name="pair")
app.add_typer(cli_keeping.app)
app.add_typer(cli_grounds.app, name="grounds")
app.add_typer(cli_log.app, name="log")
app.add_typer(cli_organisations.app, name="organisations")
app.add_typer(cli_years.app, name="yearly")


@app.command()
def up(
    home: HomeDir = None,
    port: Annotated[
        int | None, typer.Option(help="Порт страниц и API.", show_default="8080")
    ] = None,
    tls_cert: Annotated[
        Path | None, typer.Option(help="Сертификат TLS с цепочкой, PEM.", show_default=False)
    ] = None,
    tls_key: Annotated[
        Path | None, typer.Option(help="Ключ этого сертификата, PEM.", show_default=False)
    ] = None,
    as_json: Json = False,
) -> None:
    """Запустить всё и обслуживать до остановки (Ctrl-C)."""
    from runtime.home import Home
    from runtime.service import Service
    from runtime.settings import read_settings
    from runtime.tls import check_serving
    from runtime.wiring import check_roadmaps

    with edge(as_json=as_json):
        settings = read_settings(home=home, port=port)
        named = {"tls_cert": tls_cert, "tls_key": tls_key}
        given = {name: path.absolute() for name, path in named.items() if path}
        settings = replace(settings, web=settings.web.model_copy(update=given))
        check_serving(settings.web)
        check_roadmaps(settings.home.roadmaps)
        stop = Event()

        def ask_to_stop(_: int, __: FrameType | None) -> None:
            stop.set()

        for sign in (signal.SIGINT, signal.SIGTERM):
            signal.signal(sign, ask_to_stop)
        held = Home(settings.home.home, settings.secret)
        with held, Service(settings, held) as service:
            serving = service.start(say)
            if as_json:
                show({"url": serving.url}, as_json=True, words=str)
            service.tend_until(stop.is_set, say)
            say("Останавливаю…")
        say("Остановлено.")


@app.command()
def rehearse(
    roadmap: Annotated[str, typer.Argument(help="Имя дорожной карты: roadmap list.")],
    pairs: Annotated[
        int | None,
        typer.Option(
            help="Сколько пар в каждой организации и в каждом витке.",
            show_default="6, с организациями ниже — 2",
            min=1,
        ),
    ] = None,
    turns: Annotated[int, typer.Option(help="Сколько годовых витков.", min=1, max=10)] = 1,
    organisations: Annotated[
        int | None,
        typer.Option(help="Сколько организаций под каждой.", show_default="все", min=1, max=500),
    ] = None,
    home: HomeDir = None,
    as_json: Json = False,
) -> None:
    """Провести весь цикл с вымышленными людьми: год за минуту, на настоящем движке.

    У программы с организациями ниже — и их циклы, до свода отчётов.
    """
    from runtime.rehearsal_script import Size
    from runtime.rehearse import rehearse as play
    from runtime.settings import read_settings
    from runtime.words import summary_words

    with edge(as_json=as_json):
        settings = read_settings()
        folder = home.absolute() if home else settings.home.home / "rehearsal" / roadmap
        size = Size(pairs=pairs, turns=turns, organisations=organisations)
        found = play(settings, roadmap, size, folder, say)
        show(found, as_json=as_json, words=lambda: summary_words(found))
        if not found.ok:
            raise typer.Exit(REFUSED)


@export_app.command("pair")
def export_pair(id_: str, out: Out, home: HomeDir = None, as_json: Json = False) -> None:
    """Свидетельства одной пары: ZIP, который проверяет sha256sum."""
    _export("pair", id_, out, home, as_json=as_json)


@export_app.command("cycle")
def export_cycle(id_: str, out: Out, home: HomeDir = None, as_json: Json = False) -> None:
    """Свидетельства целого цикла: ZIP, который проверяет sha256sum."""
    _export("cycle", id_, out, home, as_json=as_json)


def _export(what: str, id_: str, out: Path, home: Path | None, *, as_json: bool) -> None:
    from domain.reads import Shown
    from runtime.beside import running_parts
    from runtime.bundle import write_bundle
    from runtime.export import bundle_of

    with edge(as_json=as_json), running_parts(home, say) as (_, parts):
        bundle = bundle_of(parts, what, id_)
        parts.reads.by_hand("export", Shown.BUNDLE, f"{what}/{id_}")
        count = write_bundle(out, bundle)
        show({"files": count}, as_json=as_json, words=lambda: f"{out}: файлов {count}")


@app.command()
def verify(
    path: Annotated[Path, typer.Argument(help="Свидетельства (ZIP или каталог) или файл.")],
    signature: Annotated[
        Path | None, typer.Option(help="Отсоединённая подпись этого файла: .sig или .p7s.")
    ] = None,
    authorities: Annotated[
        Path | None,
        typer.Option(
            help="Каталог сертификатов удостоверяющих центров.",
            show_default="NASTAVNIK_AUTHORITIES",
        ),
    ] = None,
    key: Annotated[
        list[str] | None,
        typer.Option(
            help="Открытый ключ журнала, который вы знаете от организации; если его сменили, "
            "повторите и с прежним: он подходит к прежней отметке."
        ),
    ] = None,
    checkpoint: Annotated[
        Path | None, typer.Option(help="Прежняя отметка журнала, ваша или свидетеля: файл.")
    ] = None,
    home: HomeDir = None,
    as_json: Json = False,
) -> None:
    """Проверить свидетельства или подпись, или сказать, какая это редакция какого документа."""
    from runtime.export import is_bundle
    from runtime.settings import WrongCall

    with edge(as_json=as_json):
        path.stat()
        if authorities is not None and signature is None:
            raise WrongCall("--authorities нужен вместе с --signature")
        bundled = signature is None and is_bundle(path)
        if not bundled and (key or checkpoint is not None):
            raise WrongCall("--key и --checkpoint нужны для свидетельств: ZIP или каталога")
        if signature is not None:
            _verify_signed(path, signature, authorities, as_json=as_json)
        elif bundled:
            _verify_bundle(path, key or [], checkpoint, as_json=as_json)
        else:
            _recognise(path, home, as_json=as_json)


def _verify_bundle(path: Path, keys: list[str], checkpoint: Path | None, *, as_json: bool) -> None:
    from runtime.bundle_check import check_bundle
    from runtime.words import checked_words

    earlier = checkpoint.read_bytes() if checkpoint else None
    found = check_bundle(path, keys[0] if keys else None, earlier, keys[1:])
    show(found, as_json=as_json, words=lambda: checked_words(found))
    if not found.ok:
        raise typer.Exit(REFUSED)


def _recognise(path: Path, home: Path | None, *, as_json: bool) -> None:
    from domain.reads import Shown
    from runtime.beside import running_parts
    from runtime.export import recognise
    from runtime.words import recognised_words

    with running_parts(home, say) as (_, parts):
        found = recognise(parts, path)
        if found.document is not None:
            parts.reads.by_hand("verify", Shown.FILE, f"document/{found.document}")
    show(found, as_json=as_json, words=lambda: recognised_words(found))
    if not found.ok:
        raise typer.Exit(REFUSED)


def _verify_signed(path: Path, signature: Path, authorities: Path | None, *, as_json: bool) -> None:
    from runtime.settings import read_settings
    from runtime.signatures import check_signed
    from runtime.words import signed_words

    folder = authorities or read_settings().signing.authorities
    found = check_signed(path, signature, folder)
    show(found, as_json=as_json, words=lambda: signed_words(found.signatures))
    if not found.ok:
        raise typer.Exit(REFUSED)


@app.command()
def check(
    everything: Annotated[bool, typer.Option("--all", help="Все инварианты: I1–I6 и I8.")] = False,
    home: HomeDir = None,
    as_json: Json = False,
) -> None:
    """Сравнить записи, журнал, Temporal и файлы."""
    from runtime.beside import running_parts
    from runtime.checks import check_all
    from runtime.settings import WrongCall
    from runtime.words import report_words

    with edge(as_json=as_json):
        if not everything:
            raise WrongCall("Скажите, что проверить: nastavnik check --all")
        with running_parts(home, say) as (settings, parts):
            found = check_all(settings, parts)
        show(found, as_json=as_json, words=lambda: report_words(found))
        if not found.ok:
            raise typer.Exit(REFUSED)


@app.command()
def doctor(home: HomeDir = None, as_json: Json = False) -> None:
    """Здоровы ли база, Temporal, хранилище, ключи, часы и диск."""
    from runtime.doctor import examine
    from runtime.settings import read_settings
    from runtime.words import health_words

    with edge(as_json=as_json):
        found = examine(read_settings(home=home))
        show(found, as_json=as_json, words=lambda: health_words(found))
        if not found.ok:
            raise typer.Exit(REFUSED)


@add_app.command("organisation")
def add_organisation(
    *,
    name: Annotated[str, typer.Option(help="Полное название.")],
    short_name: Annotated[str, typer.Option(help="Краткое название.")],
    address: Annotated[str, typer.Option(help="Адрес.")],
    inn: Annotated[str, typer.Option(help="ИНН.")],
    city: Annotated[str, typer.Option(help="Место составления документов.")],
    time_zone: Annotated[str, typer.Option(help="Часовой пояс.")] = "Europe/Moscow",
    home: HomeDir = None,
    as_json: Json = False,
) -> None:
    """Завести организацию и учётную запись её администратора; ключ доступа показан один раз."""
    from runtime.accounts import new_organisation
    from runtime.beside import running_parts

    with edge(as_json=as_json), running_parts(home, say) as (_, parts):
        found = new_organisation(
            parts,
            name=name,
            short_name=short_name,
            address=address,
            inn=inn,
            city=city,
            time_zone=time_zone,
        )
        show(
            found,
            as_json=as_json,
            words=lambda: f"Организация {found.organisation}\nКлюч администратора: {found.token}",
        )


@add_app.command("user")
def add_user(
    organisation: Annotated[str, typer.Argument(help="Код организации.")],
    role: Annotated[str, typer.Option(help="administrator, director, curator или auditor.")],
    person: Annotated[str | None, typer.Option(help="Код человека из списка.")] = None,
    login: Annotated[str | None, typer.Option(help="Логин для входа на страницы.")] = None,
    home: HomeDir = None,
    as_json: Json = False,
) -> None:
    """Завести учётную запись; ключ доступа и разовый пароль показаны один раз."""
    from runtime.accounts import new_user
    from runtime.beside import running_parts

    with edge(as_json=as_json), running_parts(home, say) as (_, parts):
        found = new_user(parts, organisation, role, person, login)
        words = f"Ключ доступа: {found.token}"
        if found.password:
            words += f"\nРазовый пароль: {found.password} (при первом входе — сменить)"
        show(found, as_json=as_json, words=lambda: words)


@add_app.command("password")
def add_password(
    login: Annotated[str, typer.Argument(help="Логин.")],
    home: HomeDir = None,
    as_json: Json = False,
) -> None:
    """Выдать разовый пароль взамен забытого; все сеансы этого человека заканчиваются."""
    from runtime.accounts import new_password
    from runtime.beside import running_parts

    with edge(as_json=as_json), running_parts(home, say) as (_, parts):
        found = new_password(parts, login)
        words = f"Разовый пароль: {found.password} (при первом входе — сменить)"
        show(found, as_json=as_json, words=lambda: words)


def main() -> None:
    """The entry point of the installed program."""
    from runtime.processes import leave

    if isinstance(sys.stdout, io.TextIOWrapper):
        # The name of a file may be no text; the result is told nevertheless.
        sys.stdout.reconfigure(errors="backslashreplace")
    leave(_called())


def _called() -> int:
    """The exit code; a call that is not understood is told in Russian, and in JSON if asked."""
    from runtime.calls import call_in_russian
    from runtime.settings import WrongCall

    as_json = "--json" in sys.argv[1:]
    try:
        return app(standalone_mode=False) or 0
    except typer.Abort:
        say("Прервано.")
        return REFUSED
    except TyperException as error:
        if not error.format_message():  # without a command: all were listed
            return WRONG_CALL
        detail = call_in_russian(error.format_message())
        code = fail(WrongCall(detail), detail, WRONG_CALL, as_json=as_json)
        say("Как вызвать: nastavnik КОМАНДА -h")
        return code


if __name__ == "__main__":
    main()
