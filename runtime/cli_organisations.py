"""The commands about organisations that stand below others."""

from pathlib import Path
from typing import Annotated

import typer

from runtime.cli_options import HomeDir, Json
from runtime.output import edge, say, show

app = typer.Typer(help="Организации уровнем ниже.", no_args_is_help=True)

Upper = Annotated[str, typer.Argument(help="Код вышестоящей организации.")]


@app.command("add")
def add(
    upper: Upper,
    *,
    code: Annotated[str, typer.Option(help="Ваш код организации: повтор с ним не заводит новую.")],
    name: Annotated[str, typer.Option(help="Полное название.")],
    short_name: Annotated[str, typer.Option(help="Краткое название.")],
    address: Annotated[str, typer.Option(help="Адрес.")],
    inn: Annotated[str, typer.Option(help="ИНН.")],
    city: Annotated[str, typer.Option(help="Место составления документов.")],
    level: Annotated[str, typer.Option(help="organisation или municipality.")] = "organisation",
    kind: Annotated[
        str | None,
        typer.Option(help="school, kindergarten, college, extra_education или other."),
    ] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Метка; можно несколько.")] = None,
    outside: Annotated[bool, typer.Option(help="Не работает в системе.")] = False,
    time_zone: Annotated[
        str | None, typer.Option(help="Часовой пояс.", show_default="вышестоящей организации")
    ] = None,
    login: Annotated[str | None, typer.Option(help="Логин её администратора.")] = None,
    home: HomeDir = None,
    as_json: Json = False,
) -> None:
    """Завести организацию уровнем ниже; разовый пароль её администратора показан один раз."""
    from pydantic import ValidationError

    from domain.organisations import NewOrganisation
    from runtime.beside import running_parts
    from runtime.organisations import add_below
    from runtime.settings import WrongCall
    from runtime.words import added_words

    with edge(as_json=as_json), running_parts(home, say) as (_, parts):
        try:
            organisation = NewOrganisation.model_validate(
                {
                    "code": code,
                    "name": name,
                    "short_name": short_name,
                    "address": address,
                    "inn": inn,
                    "city": city,
                    "level": level,
                    "kind": kind,
                    "login": login,
                    "tags": tuple(tag or ()),
                    "outside": outside,
                    "time_zone": time_zone,
                }
            )
        except ValidationError as error:
            wrong = ", ".join(f"--{one['loc'][0]}".replace("_", "-") for one in error.errors())
            raise WrongCall(f"{wrong}: такого значения быть не может") from error
        (found,) = add_below(parts, upper, [organisation])
        show(found, as_json=as_json, words=lambda: added_words(found))


@app.command("import")
def import_list(
    upper: Upper,
    file: Annotated[Path, typer.Argument(help="Список, XLSX: лист «Организации».")],
    home: HomeDir = None,
    as_json: Json = False,
) -> None:
    """Завести все организации списка или ни одной; ошибки названы по ячейкам."""
    from runtime.beside import running_parts
    from runtime.organisations import import_below
    from runtime.words import added_words

    with edge(as_json=as_json), running_parts(home, say) as (_, parts):
        found = import_below(parts, upper, file)
        show(
            {"organisations": [one.model_dump(mode="json") for one in found]},
            as_json=as_json,
            words=lambda: "\n".join(map(added_words, found)),
        )


@app.command("list")
def list_all(
    upper: Upper,
    kind: Annotated[str | None, typer.Option(help="Только такого вида.")] = None,
    tag: Annotated[str | None, typer.Option(help="Только с такой меткой.")] = None,
    home: HomeDir = None,
    as_json: Json = False,
) -> None:
    """Организации уровнем ниже."""
    from runtime.beside import running_parts
    from runtime.organisations import list_below
    from runtime.words import organisation_words

    with edge(as_json=as_json), running_parts(home, say) as (_, parts):
        found = list_below(parts, upper, kind, tag)
        show(
            {"organisations": [one.model_dump(mode="json") for one in found]},
            as_json=as_json,
            words=lambda: "\n".join(map(organisation_words, found)) or "Организаций нет.",
        )


@app.command("place")
def place(
    organisation: Annotated[str, typer.Argument(help="Код организации.")],
    level: Annotated[str, typer.Option(help="organisation, municipality или region.")],
    below: Annotated[str | None, typer.Option(help="Код вышестоящей; без него — никого.")] = None,
    home: HomeDir = None,
    as_json: Json = False,
) -> None:
    """Сказать, на каком уровне стоит организация и кто над ней."""
    from runtime.beside import running_parts
    from runtime.organisations import place as place_it

    with edge(as_json=as_json), running_parts(home, say) as (_, parts):
        place_it(parts, organisation, level, below)
        found = {"organisation": organisation, "level": level, "below": below}
        show(found, as_json=as_json, words=lambda: "Записано.")
