"""The only Jinja2 that templates get: values in, text out, no code.

Without it a template runs any code of the process (docxtpl's issue 549).
"""

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import DictLoader, StrictUndefined, Undefined
from jinja2.exceptions import SecurityError, TemplateRuntimeError
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from domain.names import Case

_FILTERS = ("join", "length", "lower", "sum", "upper")
CASE_FILTERS: dict[str, Case] = {
    "nominative": "nomn",
    "genitive": "gent",
    "dative": "datv",
    "accusative": "accs",
    "instrumental": "ablt",
    "prepositional": "loct",
}
"""The filter that picks each case: `{{ director.name|dative }}`."""
_LOOP = frozenset({"index", "index0", "first", "last", "length"})


def capfirst(text: str) -> str:
    """The text with a large first letter, the rest as it is («директор» -> «Директор»)."""
    return text[:1].upper() + text[1:]


class FilterError(TemplateRuntimeError):
    """A filter stands behind what it cannot work on; the message quotes the filter's name."""


def in_words(amount: object) -> str:
    """The words of an amount in the nominative: `{{ hours|in_words }}`.

    Other cases are `{{ hours.words|genitive }}`.
    """
    if type(amount) is dict and "words" in amount:
        return _picked(amount["words"], "in_words", "nomn")
    raise _wrong(amount, "in_words", "числу с прописью (факт вида amount)")


def _case_filter(name: str, case: Case) -> Callable[[object], str]:
    """Picks a form that was made beforehand: no dictionary stands behind it."""

    def pick(forms: object) -> str:
        return _picked(forms, name, case)

    return pick


def _picked(forms: object, name: str, case: Case) -> str:
    form = forms.get(case) if type(forms) is dict else None
    if type(form) is str:
        return form
    raise _wrong(forms, name, "слову с формами падежей (имя, должность, родство)")


def _wrong(value: object, name: str, what: str) -> TemplateRuntimeError:
    if isinstance(value, Undefined):
        str(value)  # a strict one raises here, and names the unknown field
    return FilterError(f"'{name}' применяется к {what}")


FILTERS: dict[str, Callable[..., str]] = {
    "capfirst": capfirst,
    "in_words": in_words,
    **{name: _case_filter(name, case) for name, case in CASE_FILTERS.items()},
}
"""Filters of ours, beside the few of Jinja2's that a template has."""


class Sandbox(ImmutableSandboxedEnvironment):
    """Names of facts, their fields, loops, conditions and a few filters; nothing can be called.

    An unknown name raises `UndefinedError`, everything forbidden `SecurityError`.
    """

    # A repeated text or a power can fill memory; no document needs them.
    intercepted_binops = frozenset({"*", "**", "%", "//", "/"})

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=True, loader=DictLoader({}))
        self.globals.clear()
        self.tests.clear()
        self.filters = {name: self.filters[name] for name in _FILTERS} | FILTERS

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A field of a mapping or the state of a loop; `dict.items` is no method here."""
        if type(obj) is dict:  # nearly always, and quick to tell
            try:
                return obj[attribute]
            except KeyError:
                return self.undefined(obj=obj, name=attribute)
        if isinstance(obj, LoopContext) and attribute in _LOOP:
            return getattr(obj, attribute)
        if isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if isinstance(obj, Undefined):
            return super().getattr(obj, attribute)
        return self.unsafe_undefined(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """As `getattr`, or an element of a list by number."""
        if isinstance(obj, list | tuple) and isinstance(argument, int):
            in_range = -len(obj) <= argument < len(obj)
            return obj[argument] if in_range else self.undefined(obj=obj, name=str(argument))
        return self.getattr(obj, str(argument))

    def is_safe_callable(self, obj: Any) -> bool:  # noqa: ARG002 - nothing is
        """Nothing may be called."""
        return False

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:  # noqa: ARG002
        """Refuses the operators above."""
        raise SecurityError(f"operator '{operator}' is forbidden")
