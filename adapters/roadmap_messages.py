"""What pydantic finds wrong in a roadmap, in plain Russian and with the nearest known name."""

import difflib
import types
import typing
from collections.abc import Iterable, Mapping
from typing import Any, Literal, Union

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from domain.base import Value
from domain.measures import MEASURES, UNKNOWN

Place = tuple[str | int, ...]


class Misfit(Value):
    """A place in a file that does not fit the model, and what is expected there."""

    at: Place
    text: str


def in_russian(error: ValidationError, model: type[BaseModel]) -> tuple[Misfit, ...]:
    """What pydantic found wrong when it read a file as `model`; the first mistake of a place."""
    first: dict[Place, Misfit] = {}
    for found in error.errors():
        misfit = _misfit(found, model)
        # A list with a bad entry counts as too short too: the entry is what to mend.
        if found["type"] != "too_short" or not any(
            at[: len(misfit.at)] == misfit.at for at in first
        ):
            first.setdefault(misfit.at, misfit)
    return tuple(first.values())


def _misfit(found: ErrorDetails, model: type[BaseModel]) -> Misfit:
    at = _in_file(found["loc"], model)
    match found["type"]:
        case "extra_forbidden":
            known = _fields_at(model, found["loc"][:-1])
            return Misfit(at=at, text=_unknown(f"поле «{at[-1]}»", str(at[-1]), known))
        case "union_tag_invalid":
            return _bad_tag(at, found["ctx"])
        case "union_tag_not_found":
            field = str(found["ctx"]["discriminator"]).strip("'")
            tags = ", ".join(_tags(model, found["loc"]))
            return Misfit(at=at, text=f"нет поля «{field}»; ожидается одно из: {tags}")
        case "missing":
            return Misfit(at=at, text=f"нет поля «{at[-1]}»")
        case "value_error" if str(found["ctx"]["error"]) == UNKNOWN:
            near = difflib.get_close_matches(str(found["input"]), MEASURES, n=3)
            hint = f"; возможно, {', '.join(near)}" if near else ""
            text = (
                f"неизвестно: подсчёт «{found['input']}»{hint}; список — в docs/roadmap-format.md"
            )
            return Misfit(at=at, text=text)
        case _:
            return Misfit(at=at, text=_text(found, at))


def _in_file(loc: tuple[int | str, ...], model: type[BaseModel]) -> Place:
    """The place as a file has it: without the names of union members, which pydantic adds."""
    here: Any = model
    at: list[int | str] = []
    for part in loc:
        if len(_members(here)) == 1:
            at.append(part)
        here = _inside(here, part)
    return tuple(at)


def _bad_tag(at: Place, context: Mapping[str, Any]) -> Misfit:
    field, given = str(context["discriminator"]).strip("'"), str(context["tag"])
    known = [tag.strip(" '") for tag in str(context["expected_tags"]).split(",")]
    what = {"rule": "правило срока", "proof": "вид подтверждения", "kind": "вид этапа"}
    return Misfit(
        at=(*at, field), text=_unknown(f"{what.get(field, field)} «{given}»", given, known)
    )


def _unknown(what: str, given: str, known: Iterable[str]) -> str:
    names = list(known)
    near = difflib.get_close_matches(given, names, n=1)
    hint = f"; возможно, «{near[0]}»" if near else ""
    return f"неизвестно: {what}{hint}; известны: {', '.join(names)}"


def _fields_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> tuple[str, ...]:
    """The fields of the model at this place of pydantic's own path."""
    found = _type_at(model, loc)
    return tuple(found.model_fields) if _is_model(found) else ()


def _tags(model: type[BaseModel], loc: tuple[int | str, ...]) -> tuple[str, ...]:
    members = _members(_type_at(model, loc))
    tags = (_tag_of(member) for member in members if _is_model(member))
    return tuple(tag for tag in tags if tag)


def _type_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> Any:
    here: Any = model
    for part in loc:
        here = _inside(here, part)
    return here


def _inside(here: Any, part: int | str) -> Any:
    """The type of what stands at `part` in a value of the type `here`."""
    if _is_model(here):
        field = here.model_fields.get(part)
        return None if field is None else field.annotation
    members = _members(here)
    if len(members) > 1:
        chosen = [member for member in members if _is_model(member) and _tag_of(member) == part]
        return chosen[0] if chosen else None
    arguments = typing.get_args(members[0])
    return arguments[-1 if typing.get_origin(members[0]) is dict else 0] if arguments else None


def _members(found: Any) -> tuple[Any, ...]:
    if typing.get_origin(found) is typing.Annotated:
        return _members(typing.get_args(found)[0])
    if typing.get_origin(found) in (Union, types.UnionType):
        return tuple(one for one in typing.get_args(found) if one is not type(None))
    return (found,)


def _is_model(found: Any) -> bool:
    return isinstance(found, type) and issubclass(found, BaseModel)


def _tag_of(model: type[BaseModel]) -> str | None:
    """What the discriminating field of a union's member must say."""
    first = next(
        (f.annotation for f in model.model_fields.values() if _is_literal(f.annotation)), None
    )
    return None if first is None else str(typing.get_args(first)[0])


def _is_literal(annotation: Any) -> bool:
    return typing.get_origin(annotation) is Literal and len(typing.get_args(annotation)) == 1


_PATTERNS = {
    r"^[a-z][a-z0-9_]*$": "имя из латинских строчных букв, цифр и _, например order_on_pairs",
    r"^[0-9]+(\.[0-9]+)*$": 'номер строки в кавычках, например "1.2"',
}
_RULES = {
    "the last year comes before the first": "последний год раньше первого",
    "the last month is given without the first": "указан last, но нет first",
    "a track has lead, forms and stages, or is left out": (
        "путь пары (track) описывают целиком: lead, forms и stages, или не пишут вовсе"
    ),
    "the curator is a person": "роль куратора должна быть у человека (holder: person)",
}


def _text(found: ErrorDetails, at: Place) -> str:
    kind, given, context = found["type"], found["input"], found.get("ctx", {})
    if at[-1:] == ("month",) or (at[-1:] in {("first",), ("last",)} and "less_than" in kind):
        return f"месяц {given!r}: ожидается число от 1 до 12"
    if kind == "value_error":
        said = str(context.get("error", found["msg"]))
        if "has no day" in said:
            return "в этом месяце нет такого дня"
        return _RULES.get(said, said)
    template = _TEXTS.get(kind, "{msg}")
    return template.format(
        msg=found["msg"],
        given=given,
        pattern=_PATTERNS.get(str(context.get("pattern")), context.get("pattern")),
        expected=str(context.get("expected", "")).replace(" or ", ", ").replace("'", ""),
        **{name: value for name, value in context.items() if name in _LIMITS},
    )


_LIMITS = ("ge", "le", "max_length")
_TEXTS = {
    "string_type": "ожидается текст в кавычках",
    "string_pattern_mismatch": "«{given}» не подходит; ожидается {pattern}",
    "string_too_short": "пусто; ожидается текст",
    "string_too_long": "текст длиннее {max_length} знаков",
    "int_type": "ожидается целое число без кавычек",
    "int_from_float": "ожидается целое число",
    "bool_type": "ожидается true или false",
    "greater_than_equal": "{given}: ожидается число не меньше {ge}",
    "less_than_equal": "{given}: ожидается число не больше {le}",
    "tuple_type": "ожидается список",
    "list_type": "ожидается список",
    "dict_type": "ожидается запись с полями",
    "model_type": "ожидается запись с полями",
    "model_attributes_type": "ожидается запись с полями",
    "too_short": "пусто; ожидается хотя бы одна запись",
    "literal_error": "«{given}»: ожидается {expected}",
    "enum": "«{given}»: ожидается {expected}",
    "none_required": "ожидается пустое значение",
}
