"""Judges the expressions of a template by their syntax trees, against the facts that there are."""

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Final, NamedTuple

from jinja2 import Environment, nodes
from jinja2.exceptions import TemplateSyntaxError

from adapters.docx.fields import Field
from adapters.docx.sandbox import CASE_FILTERS
from adapters.docx.shapes import ANY, LOOP, TEXT, Shape, shape_of

LONGEST_TAG: Final = 2_000
DEEPEST: Final = 12  # tags within tags; Python compiles no more than 20 blocks
_WORD: Final = re.compile(r"\{%-?\s*(\w+)")
# The rest of a statement, so that the tag alone can be parsed.
_REST: Final[Mapping[str, tuple[str, str]]] = {
    "if": ("", "{% endif %}"),
    "elif": ("{% if 0 %}", "{% endif %}"),
    "for": ("", "{% endfor %}"),
}
_ALLOWED: Final = (
    *(nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.CondExpr),
    *(nodes.Concat, nodes.Add, nodes.Sub, nodes.Neg, nodes.List, nodes.Tuple),
)
_FORBIDDEN: Final[Mapping[type[nodes.Node], str]] = {
    nodes.Call: "вызов",
    nodes.Test: "проверка «is»",
    nodes.Mul: "действие «*»",
    nodes.Pow: "действие «**»",
    nodes.Div: "действие «/»",
    nodes.FloorDiv: "действие «//»",
    nodes.Mod: "действие «%»",
    nodes.Dict: "словарь",
    nodes.Slice: "срез",
}
_SAID: Final = (
    (r"unexpected char '(.+)' at \d+", r"недопустимый знак «\1»"),
    (r"unexpected '(.+)'", r"лишнее «\1»"),
    (r"[Ee]xpected token '(.+)', got '(.+)'", r"ожидалось «\1», а стоит «\2»"),
    (r"expected name or number", r"после точки не хватает имени"),
    (r"Expected an expression, got '(.+)'", r"не хватает выражения перед «\1»"),
)
_WORDS: Final = {
    "end of print statement": "}}",
    "end of statement block": "%}",
    "begin of statement block": "{%",
    "begin of print statement": "{{",
}


class Said(NamedTuple):
    """What is wrong with an expression, in Russian, and the known name that was probably meant."""

    text: str
    nearest: str | None = None


class _Wrong(Exception):  # noqa: N818 - it is told to a person, nothing is broken
    """Ends the judgement of one expression."""

    def __init__(self, text: str, nearest: str | None = None) -> None:
        super().__init__(text)
        self._text, self._nearest = text, nearest

    def about(self, tag: str) -> Said:
        """It, with the tag it is in."""
        return Said(f"{self._text} — в теге «{tag}»", self._nearest)


class Expressions:
    """The tags of a file, judged in their order: a loop's variable is known up to its end."""

    def __init__(self, env: Environment, fields: Mapping[str, Field]) -> None:
        self._env = env
        self._facts = {name: shape_of(field) for name, field in fields.items()}
        self._blocks: list[dict[str, Shape]] = []  # what each open tag makes known
        self.used: set[str] = set()

    def value(self, tag: str) -> Iterator[Said]:
        """What is wrong with `{{ tag }}`."""
        tree, said = self._parsed(tag, tag)
        yield from said
        for output in tree.find_all(nodes.Output) if tree else ():
            for expression in output.nodes:
                yield from self._judged(tag, expression, is_printed=True)

    def statement(self, tag: str) -> Iterator[Said]:
        """What is wrong with `{% tag %}`. Which statements there may be, others have judged."""
        found = _WORD.match(tag)
        word = found.group(1) if found else ""
        if word in {"endif", "endfor"}:
            if self._blocks:
                self._blocks.pop()
            return
        if word not in _REST:
            return
        before, after = _REST[word]
        tree, said = self._parsed(tag, f"{before}{tag}{after}")
        yield from said
        known: dict[str, Shape] = {}
        if tree is not None and word == "for":
            for loop in tree.find_all(nodes.For):
                yield from self._loop(tag, loop, known)
        elif tree is not None:
            for branch in tree.find_all(nodes.If):
                yield from self._judged(tag, branch.test)
        if word != "elif":
            self._blocks.append(known)
            if len(self._blocks) == DEEPEST + 1:
                yield Said(f"теги вложены глубже {DEEPEST}: «{tag}»")

    def end_of_part(self) -> None:
        """A tag that was left open knows nothing in the next part."""
        self._blocks.clear()

    def _parsed(self, tag: str, source: str) -> tuple[nodes.Template | None, list[Said]]:
        if len(tag) > LONGEST_TAG:
            return None, [Said(f"тег длиннее {LONGEST_TAG} знаков: «{tag[:40]}…»")]
        try:
            return self._env.parse(source), []
        except TemplateSyntaxError as error:
            return None, [Said(f"ошибка в записи «{tag}»: {_in_russian(error.message or '')}")]
        except RecursionError:
            return None, [Said(f"слишком сложное выражение: «{tag[:40]}…»")]

    def _loop(self, tag: str, loop: nodes.For, known: dict[str, Shape]) -> Iterator[Said]:
        element: Shape = ANY
        try:
            element = self._element(loop)
        except _Wrong as wrong:
            yield wrong.about(tag)
        if isinstance(loop.target, nodes.Name):
            known[loop.target.name] = element
        else:
            known.update((name.name, ANY) for name in loop.target.find_all(nodes.Name))
        known["loop"] = LOOP
        if loop.test is not None:
            self._blocks.append(known)
            yield from self._judged(tag, loop.test)
            self._blocks.pop()

    def _judged(self, tag: str, node: nodes.Node, *, is_printed: bool = False) -> Iterator[Said]:
        try:
            shape = self._shape(node)
            if is_printed:
                _check_printed(node, shape)
        except _Wrong as wrong:
            yield wrong.about(tag)
        except RecursionError:
            yield Said(f"слишком сложное выражение: «{tag[:40]}…»")

    def _element(self, loop: nodes.For) -> Shape:
        """What the loop's variable stands for. Raises `_Wrong`."""
        if loop.recursive:
            raise _Wrong("запрещённое выражение (цикл «recursive»)")
        shape = self._shape(loop.iter)
        if isinstance(shape, tuple):
            element: Shape = shape[0]
            return element
        if shape is not ANY:
            raise _Wrong(f"«{_path(loop.iter)}» не список, перебирать в нём нечего")
        return ANY

    def _shape(self, node: nodes.Node) -> Shape:
        """What the expression gives. Raises `_Wrong` at the first thing that is not right."""
        match node:
            case nodes.Const() | nodes.TemplateData():
                return TEXT
            case nodes.Name():
                return self._name(node.name)
            case nodes.Getattr():
                return self._part(node, node.attr)
            case nodes.Getitem():
                return self._item(node)
            case nodes.Filter():
                return self._filtered(node)
            case _:
                return self._combined(node)

    def _combined(self, node: nodes.Node) -> Shape:
        if not isinstance(node, _ALLOWED):
            what = _FORBIDDEN.get(type(node), type(node).__name__)
            raise _Wrong(f"запрещённое выражение ({what})")
        shapes = [self._shape(child) for child in node.iter_child_nodes()]
        if isinstance(node, nodes.List | nodes.Tuple):
            return (shapes[0] if shapes and all(one == shapes[0] for one in shapes) else ANY,)
        return ANY if isinstance(node, nodes.CondExpr | nodes.Or | nodes.And) else TEXT

    def _name(self, name: str) -> Shape:
        known: dict[str, Shape] = dict(self._facts)
        for block in self._blocks:
            known |= block
        if name not in known:
            raise _Wrong(f"неизвестное поле «{name}»", nearest_to(name, known))
        if not any(name in block for block in self._blocks):
            self.used.add(name)
        return known[name]

    def _part(self, node: nodes.Getattr | nodes.Getitem, part: str) -> Shape:
        shape = self._shape(node.node)
        if shape is ANY and not part.startswith("_"):
            return ANY
        if isinstance(shape, Mapping) and part in shape:
            found: Shape = shape[part]
            return found
        path = _path(node.node)
        nearest = nearest_to(part, shape) if isinstance(shape, Mapping) else None
        raise _Wrong(f"неизвестное поле «{path}.{part}»", nearest and f"{path}.{nearest}")

    def _item(self, node: nodes.Getitem) -> Shape:
        if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
            return self._part(node, node.arg.value)
        number = node.arg.node if isinstance(node.arg, nodes.Neg) else node.arg  # the last is -1
        if isinstance(number, nodes.Const) and type(number.value) is int:
            shape = self._shape(node.node)
            if isinstance(shape, tuple):
                element: Shape = shape[0]
                return element
            if shape is ANY:
                return ANY
        raise _Wrong(f"запрещённое выражение (часть «{_path(node.node)}» по вычисленному имени)")

    def _filtered(self, node: nodes.Filter) -> Shape:
        if node.name not in self._env.filters:
            raise _Wrong(
                f"неизвестный фильтр «{node.name}»", nearest_to(node.name, self._env.filters)
            )
        if node.node is None:
            raise _Wrong("запрещённое выражение (фильтр без значения)")
        shape = self._shape(node.node)
        for one in (*node.args, *(pair.value for pair in node.kwargs)):
            self._shape(one)
        if node.dyn_args is not None or node.dyn_kwargs is not None:
            raise _Wrong("запрещённое выражение (вызов)")
        wanted = {**CASE_FILTERS, "in_words": "words"}.get(node.name)
        if wanted is None or shape is ANY or (isinstance(shape, Mapping) and wanted in shape):
            return TEXT
        path = _path(node.node)
        if node.name in CASE_FILTERS:
            raise _Wrong(f"фильтр «{node.name}» выбирает падеж, а у «{path}» его нет")
        raise _Wrong(f"фильтр «{node.name}» — для чисел с прописью, «{path}» не число")


def _check_printed(node: nodes.Node, shape: Shape) -> None:
    """Raises `_Wrong` for what would come out as a program writes it."""
    if isinstance(shape, tuple):
        raise _Wrong(f"«{_path(node)}» — список, его печатают циклом {{% for %}}")
    if isinstance(shape, Mapping):
        part = f"{_path(node)}.{next(iter(shape))}" if shape else ""
        raise _Wrong(f"«{_path(node)}» печатают по частям, например «{part}»")


def nearest_to(name: str, known: Mapping[str, object]) -> str | None:
    """The known name that is most like this one, if any is."""
    found = get_close_matches(name, list(known), n=1)
    return found[0] if found else None


def _path(node: nodes.Node | None) -> str:
    """The expression as it was written, for names and their parts."""
    match node:
        case nodes.Name():
            return node.name
        case nodes.Getattr():
            return f"{_path(node.node)}.{node.attr}"
        case nodes.Getitem(arg=nodes.Const(value=value)):
            return f"{_path(node.node)}.{value}"
        case nodes.Filter():
            return f"{_path(node.node)}|{node.name}"
        case _:
            return "выражение"


def _in_russian(message: str) -> str:
    for word, sign in _WORDS.items():
        message = message.replace(word, sign)
    for pattern, instead in _SAID:
        if found := re.fullmatch(pattern, message):
            return found.expand(instead)
    return message
