"""Commands about documents: making, measuring and wording them."""

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from runtime import cli_templates
from runtime.cli_options import Json, Out
from runtime.output import REFUSED, edge, say, show

if TYPE_CHECKING:
    from adapters.docx.renderer import DocxRenderer

Layout = Annotated[
    Path | None,
    typer.Option(help="Файл YAML с оформлением организации.", show_default=False),
]

app = typer.Typer()
docx_app = typer.Typer(help="Документы Word.", no_args_is_help=True)
app.add_typer(docx_app, name="docx")
app.add_typer(cli_templates.app, name="template")


@app.command()
def render(
    kind: Annotated[str, typer.Argument(help="Вид документа: каталог в doc_templates.")],
    out: Out,
    facts: Annotated[
        Path | None, typer.Option(help="Файл JSON с фактами.", show_default=False)
    ] = None,
    each: Annotated[
        Path | None,
        typer.Option(
            help="Файл JSONL: факты документа в каждой строке; тогда -o — каталог.",
            show_default=False,
        ),
    ] = None,
    settings: Layout = None,
    as_json: Json = False,
) -> None:
    """Сделать один документ из фактов, или по документу из каждой строки."""
    from adapters.docx.renderer import DocxRenderer
    from runtime.layout import read_layout
    from runtime.settings import WrongCall
    from runtime.shipped import TEMPLATES

    with edge(as_json=as_json):
        renderer = DocxRenderer(TEMPLATES, read_layout(settings))
        if facts is not None and each is None:
            _render_one(renderer, kind, facts, out, as_json=as_json)
        elif each is not None and facts is None:
            _render_each(renderer, kind, each, out, as_json=as_json)
        else:
            raise WrongCall("Скажите что-то одно: --facts ФАЙЛ или --each ФАЙЛ.")


def _render_one(
    renderer: "DocxRenderer", kind: str, facts: Path, out: Path, *, as_json: bool
) -> None:
    from runtime.home import write_result
    from runtime.settings import WrongCall

    try:
        given = json.loads(facts.read_text(encoding="utf-8"))
    except ValueError as error:
        raise WrongCall(f"{facts}: это не JSON: {error}") from error
    if not isinstance(given, dict):
        raise WrongCall(f"{facts}: ожидается объект JSON с фактами")
    body = renderer.render(kind, given)
    write_result(out, body)
    digest = hashlib.sha256(body).hexdigest()
    show(
        {"sha256": digest, "bytes": len(body)},
        as_json=as_json,
        words=lambda: f"{out}: {len(body)} байт, SHA-256 {digest}",
    )


def _render_each(
    renderer: "DocxRenderer", kind: str, each: Path, folder: Path, *, as_json: bool
) -> None:
    from runtime.batch import batch_words, render_each

    renderer.kind(kind)  # an unknown one is refused before a line is read
    with each.open("rb") as lines:
        batch = render_each(renderer, kind, lines, folder, say)
    show(batch, as_json=as_json, words=lambda: batch_words(batch))
    if not batch.ok:
        raise typer.Exit(REFUSED)


@docx_app.command("lint")
def docx_lint(
    files: Annotated[list[Path], typer.Argument(help="Файлы DOCX.", metavar="FILE…")],
    profile: Annotated[
        str | None, typer.Option(help="gost-2016 или gost-2025.", show_default="по дате сегодня")
    ] = None,
    kept_long: Annotated[
        bool | None, typer.Option(help="Хранится дольше 10 лет.", show_default="неизвестно")
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option(help="Вид документа: по нему срок хранения известен.", show_default=False),
    ] = None,
    settings: Layout = None,
    as_json: Json = False,
) -> None:
    """Измерить оформление: какие правила профиля соблюдены, какие нет и где."""
    from adapters.docx.renderer import DocxRenderer
    from runtime.layout import lint_files, lint_words, read_layout
    from runtime.settings import WrongCall
    from runtime.shipped import RULES, TEMPLATES

    with edge(as_json=as_json):
        if kind is not None:
            if kept_long is not None:
                raise WrongCall("Скажите что-то одно: --kind или --kept-long.")
            kept_long = DocxRenderer(TEMPLATES).kind(kind).kept_long
        found = lint_files(
            files,
            RULES,
            profile,
            kept_long=kept_long,
            settings=read_layout(settings),
            today=dt.datetime.now().astimezone().date(),
        )
        show(found, as_json=as_json, words=lambda: lint_words(found))
        if not found.ok:
            raise typer.Exit(REFUSED)


@docx_app.command("pdf")
def docx_pdf(
    files: Annotated[list[Path], typer.Argument(help="Файлы DOCX.", metavar="FILE…")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Каталог для копий.")],
    as_json: Json = False,
) -> None:
    """Сделать копии в PDF (нужен LibreOffice); испорченный файл другим не мешает."""
    from runtime.pdf import copy_files
    from runtime.settings import read_settings
    from runtime.wiring import libreoffice

    with edge(as_json=as_json):
        copied = copy_files(files, out, libreoffice(read_settings()), say)
        made = sum(one.fault is None for one in copied.files)
        show(copied, as_json=as_json, words=lambda: f"Копий: {made} из {len(files)}.")
        if not copied.ok:
            raise typer.Exit(REFUSED)


@app.command()
def names(
    name: Annotated[str | None, typer.Argument(help="«Фамилия Имя Отчество».")] = None,
    gender: Annotated[str | None, typer.Option(help="m или f; по имени не угадывается.")] = None,
    case: Annotated[str | None, typer.Option(help="gent, datv, accs, ablt или loct.")] = None,
    file: Annotated[
        Path | None, typer.Option(help="Таблица TSV: имя, пол, падеж.", show_default=False)
    ] = None,
    as_json: Json = False,
) -> None:
    """Имя в нужном падеже, и можно ли верить ему без проверки."""
    from runtime.names import declined, declined_table
    from runtime.settings import WrongCall
    from runtime.words import name_words

    with edge(as_json=as_json):
        if file is not None and name is None and gender is None and case is None:
            table = declined_table(file)
            show(table, as_json=as_json, words=lambda: "\n".join(map(name_words, table.names)))
        elif file is None and name is not None and gender is not None and case is not None:
            found = declined(name, gender, case)
            show(found, as_json=as_json, words=lambda: name_words(found))
        else:
            raise WrongCall(
                "Скажите имя, --gender и --case, например: "
                'nastavnik names "Орлова Анна Ильинична" --gender f --case datv; '
                "или только --file ТАБЛИЦА."
            )
