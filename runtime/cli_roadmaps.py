"""Commands about roadmaps: list, check, preview, import from Word."""

from pathlib import Path
from typing import Annotated

import typer

from runtime.cli_options import HomeDir, Json, Out
from runtime.output import REFUSED, edge, say, show

app = typer.Typer(help="Дорожные карты.", no_args_is_help=True)


@app.command("list")
def roadmap_list(as_json: Json = False) -> None:
    """Какие дорожные карты есть."""
    from adapters.roadmap_files import library
    from runtime.settings import read_settings
    from runtime.shipped import ROADMAPS

    with edge(as_json=as_json):
        own = read_settings().home.roadmaps
        found = [entry for folder in (ROADMAPS, own) if folder for entry in library(folder)]
        show(
            {"roadmaps": [entry.model_dump(mode="json") for entry in found]},
            as_json=as_json,
            words=lambda: "\n".join(f"{e.name:22} строк: {e.rows:3}  {e.title}" for e in found),
        )


@app.command("check")
def roadmap_check(
    files: Annotated[list[Path], typer.Argument(help="Файлы YAML.")], as_json: Json = False
) -> None:
    """Найти ошибки: файл, строка, что не так и что ожидается."""
    from adapters.docx.renderer import DocxRenderer
    from adapters.roadmap_files import problems_of
    from runtime.shipped import TEMPLATES

    with edge(as_json=as_json):
        kinds = DocxRenderer(TEMPLATES).known_kinds()
        found = [problem for file in files for problem in problems_of(file, kinds)]
        show(
            {"problems": [problem.model_dump(mode="json") for problem in found]},
            as_json=as_json,
            words=lambda: "\n".join(map(str, found)) or "Ошибок нет.",
        )
        if found:
            raise typer.Exit(REFUSED)


@app.command("preview")
def roadmap_preview(
    roadmap: Annotated[str, typer.Argument(help="Имя дорожной карты или файл YAML.")],
    start: Annotated[str, typer.Option(help="День запуска, ГГГГ-ММ-ДД.")],
    organisation: Annotated[
        str | None,
        typer.Option("--for", help="Код организации: сказать и чего ей не хватает."),
    ] = None,
    holder: Annotated[
        list[str] | None,
        typer.Option(help="Роль и код человека или органа: director:D-01; можно несколько."),
    ] = None,
    home: HomeDir = None,
    as_json: Json = False,
) -> None:
    """Всё, чего потребует запуск: что, когда, от кого и чем подтверждается; чего не хватает."""
    if organisation is not None:
        _preview_for(organisation, roadmap, start, holder or [], home, as_json=as_json)
        return
    from adapters.docx.renderer import DocxRenderer
    from adapters.package_rules import read_package_rules
    from domain.preview import preview
    from runtime.preview import find_roadmap, start_from
    from runtime.preview_words import preview_words
    from runtime.settings import read_settings
    from runtime.shipped import PACKAGES, TEMPLATES

    with edge(as_json=as_json):
        renderer = DocxRenderer(TEMPLATES)
        day = start_from(start)
        kinds = {kind: renderer.kind(kind) for kind in renderer.kinds()}
        chosen = find_roadmap(roadmap, renderer, read_settings().home.roadmaps)
        found = preview(chosen, day, kinds, read_package_rules(PACKAGES))
        show(found, as_json=as_json, words=lambda: preview_words(found))


def _preview_for(
    organisation: str,
    roadmap: str,
    start: str,
    holders: list[str],
    home: Path | None,
    *,
    as_json: bool,
) -> None:
    """With what is missing; wanting if something is."""
    from runtime.beside import running_parts
    from runtime.launching import foreseen_words, launch_of
    from runtime.preview import start_from

    with edge(as_json=as_json), running_parts(home, say) as (_, parts):
        found = launch_of(parts, organisation, roadmap, start_from(start), holders)
        beside = found.model_dump(mode="json", exclude={"plan"})
        told = {**beside, **found.plan.model_dump(mode="json")}
        show(told, as_json=as_json, words=lambda: foreseen_words(found))
        if not found.ready:
            raise typer.Exit(REFUSED)


@app.command("apply")
def roadmap_apply(
    roadmap: Annotated[str, typer.Argument(help="Имя дорожной карты: roadmap list.")],
    token: Annotated[
        str,
        typer.Option(
            envvar="NASTAVNIK_TOKEN",
            help="Ключ доступа администратора, как для API.",
            show_envvar=True,
        ),
    ],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Только показать, что станет с каждым циклом.")
    ] = False,
    reason: Annotated[
        str | None, typer.Option(help="Почему; попадёт в журнал событий.", show_default=False)
    ] = None,
    home: HomeDir = None,
    as_json: Json = False,
) -> None:
    """Применить версию дорожной карты к идущим циклам; циклы в конфликте остаются как были."""
    import asyncio

    from runtime.roadmap_apply import applied_lines, apply_roadmap, is_fine

    with edge(as_json=as_json):
        found = asyncio.run(apply_roadmap(roadmap, token, reason, home, say, dry_run=dry_run))
        show(found, as_json=as_json, words=lambda: applied_lines(found))
        if not is_fine(found):
            raise typer.Exit(REFUSED)


@app.command("import")
def import_roadmap(
    file: Annotated[Path, typer.Argument(help="Документ Word с таблицей.", metavar="FILE.docx")],
    out: Out,
    start: Annotated[
        str | None, typer.Option(help="Начало цикла, ММ-ДД.", show_default="по срокам таблицы")
    ] = None,
    months: Annotated[
        int | None, typer.Option(help="Длина цикла, месяцев.", show_default="по срокам таблицы")
    ] = None,
    table: Annotated[
        list[int] | None, typer.Option(help="Номер таблицы в документе; можно несколько раз.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Сделать дорожную карту из таблицы Word; сомнительные места перечислены."""
    from adapters.docx.renderer import DocxRenderer
    from runtime.roadmap_import import import_roadmap as read
    from runtime.roadmap_import import imported_words
    from runtime.shipped import TEMPLATES

    with edge(as_json=as_json):
        renderer = DocxRenderer(TEMPLATES)
        found = read(file, out, renderer, start=start, months=months, tables=table or ())
        show(found, as_json=as_json, words=lambda: imported_words(found))
        if not found.ok:
            raise typer.Exit(REFUSED)
