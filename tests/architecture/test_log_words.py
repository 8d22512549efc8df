"""Whatever the program writes into its log, it can say in Russian."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from api.pages.state_words import EVENTS
from domain.actions import TECHNICAL

ROOT = Path(__file__).parents[2]
CODE = ("domain", "adapters")


@cache
def modules() -> tuple[ast.Module, ...]:
    files = (path for folder in CODE for path in sorted((ROOT / folder).rglob("*.py")))
    return tuple(ast.parse(path.read_text("utf-8")) for path in files)


def passers() -> dict[str, set[int]]:
    """Functions that take an action, and which of their arguments it is; some share a name."""
    found: dict[str, set[int]] = {}
    for module in modules():
        for node in ast.walk(module):
            if isinstance(node, ast.FunctionDef):
                names = [one.arg for one in node.args.args if one.arg != "self"]
                if "action" in names:
                    found.setdefault(node.name, set()).add(names.index("action"))
    return found


def said(module: ast.Module, node: ast.expr) -> Iterator[str]:
    """What an expression for an action can be: a word, one of two, or a value of a table."""
    match node:
        case ast.Constant(value=str(word)):
            yield word
        case ast.IfExp():
            yield from said(module, node.body)
            yield from said(module, node.orelse)
        case ast.Subscript(value=ast.Name(id=table)):
            for line in module.body:
                match line:
                    case (
                        ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict(values=values))
                        | ast.AnnAssign(target=ast.Name(id=name), value=ast.Dict(values=values))
                    ) if name == table:
                        for value in values:
                            yield from said(module, value)
        case _:
            return


def actions() -> set[str]:
    known, takes = set(), passers()
    for module in modules():
        for node in ast.walk(module):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            given = [one.value for one in node.keywords if one.arg == "action"]
            places = takes.get(name, set())
            given += [node.args[place] for place in places if place < len(node.args)]
            if name == "AuditEvent" or places:
                known |= {word for one in given for word in said(module, one)}
    return known


def test_the_search_finds_actions_of_every_kind() -> None:
    assert actions() > {
        *("approved", "reminded", "sealed", "meeting_recorded", "pair_formed", "acquainted"),
        *("kinds_placed", "template_uploaded", "sitting_held", "number_voided", "reads_counted"),
    }


def test_no_action_of_the_program_is_without_words() -> None:
    assert actions() - set(EVENTS) == set()


def test_what_is_technical_is_an_action() -> None:
    assert set(TECHNICAL) <= actions()
