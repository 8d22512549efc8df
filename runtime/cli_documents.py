"""Commands about documents: making, measuring and wording them."""

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Annotated

import typer

from runtime.cli_options import Json, Out
from runtime.output import REFUSED, edge, show

app = typer.Typer()
docx_app = typer.Typer(help="Документы Word.", no_args_is_help=True)
app.add_typer(docx_app, name="docx")


@app.command()
def render(
    kind: Annotated[str, typer.Argument(help="Вид документа: каталог в doc_templates.")],
    facts: Annotated[Path, typer.Option(help="Файл JSON с фактами.")],
    out: Out,
    as_json: Json = False,
) -> None:
    """Сделать один документ из фактов."""
    from adapters.docx.renderer import DocxRenderer
    from runtime.home import write_result
    from runtime.settings import WrongCall
    from runtime.wiring import TEMPLATES

    with edge(as_json=as_json):
        try:
            given = json.loads(facts.read_text(encoding="utf-8"))
        except ValueError as error:
            raise WrongCall(f"{facts}: это не JSON: {error}") from error
        if not isinstance(given, dict):
            raise WrongCall(f"{facts}: ожидается объект JSON с фактами")
        body = DocxRenderer(TEMPLATES).render(kind, given)
        write_result(out, body)
        digest = hashlib.sha256(body).hexdigest()
        show(
            {"sha256": digest, "bytes": len(body)},
            as_json=as_json,
            words=lambda: f"{out}: {len(body)} байт, SHA-256 {digest}",
        )


@docx_app.command("lint")
def docx_lint(
    files: Annotated[list[Path], typer.Argument(help="Файлы DOCX.", metavar="FILE…")],
    profile: Annotated[
        str | None, typer.Option(help="gost-2016 или gost-2025.", show_default="по дате сегодня")
    ] = None,
    kept_long: Annotated[
        bool | None, typer.Option(help="Хранится дольше 10 лет.", show_default="неизвестно")
    ] = None,
    as_json: Json = False,
) -> None:
    """Измерить оформление: какие правила профиля соблюдены, какие нет и где."""
    from runtime.layout import lint_files, lint_words
    from runtime.wiring import RULES

    with edge(as_json=as_json):
        today = dt.datetime.now().astimezone().date()
        found = lint_files(files, RULES, profile, kept_long=kept_long, today=today)
        show(found, as_json=as_json, words=lambda: lint_words(found))
        if not found.ok:
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
