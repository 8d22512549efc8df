"""Commands about templates: facts, check, preview, difference."""

from pathlib import Path
from typing import Annotated

import typer

from runtime.cli_options import Json, Out
from runtime.output import REFUSED, edge, show

app = typer.Typer(help="Шаблоны документов.", no_args_is_help=True)

Kind = Annotated[str, typer.Option(help="Вид документа: каталог в doc_templates.")]
FileOf = Annotated[Path, typer.Argument(help="Файл DOCX.", metavar="FILE")]


@app.command()
def fields(
    kind: Annotated[str, typer.Argument(help="Вид документа: каталог в doc_templates.")],
    as_json: Json = False,
) -> None:
    """Какие факты есть у вида: их имена ставят в шаблон."""
    from runtime.templates import fields_words, templates

    with edge(as_json=as_json):
        found = templates(kind).fields(kind)
        shown = {"fields": [field.model_dump(mode="json") for field in found]}
        show(shown, as_json=as_json, words=lambda: fields_words(found))


@app.command()
def check(
    file: FileOf,
    kind: Annotated[
        str | None, typer.Option(help="Вид документа.", show_default="факты всех видов")
    ] = None,
    as_json: Json = False,
) -> None:
    """Найти в шаблоне все ошибки: что не так, в каком абзаце или ячейке."""
    from runtime.templates import check_words, templates

    with edge(as_json=as_json):
        of, content = templates(kind), file.read_bytes()
        found = of.check_of_any(content) if kind is None else of.check(kind, content)
        show(found, as_json=as_json, words=lambda: check_words(found))
        if not found.ok:
            raise typer.Exit(REFUSED)


@app.command()
def preview(file: FileOf, kind: Kind, out: Out, as_json: Json = False) -> None:
    """Сделать документ по шаблону из придуманных фактов."""
    from runtime.home import write_result
    from runtime.templates import templates

    with edge(as_json=as_json):
        body = templates(kind).preview_of_checked(kind, file.read_bytes())
        write_result(out, body)
        show({"bytes": len(body)}, as_json=as_json, words=lambda: f"{out}: {len(body)} байт")


@app.command()
def diff(
    old: Annotated[Path, typer.Argument(help="Прежний шаблон.", metavar="OLD")],
    new: Annotated[Path, typer.Argument(help="Новый шаблон.", metavar="NEW")],
    as_json: Json = False,
) -> None:
    """Чем отличаются две версии шаблона: абзацы, ячейки, факты."""
    from runtime.templates import difference_words, templates

    with edge(as_json=as_json):
        found = templates().difference_of_any(old.read_bytes(), new.read_bytes())
        show(found, as_json=as_json, words=lambda: difference_words(found))
