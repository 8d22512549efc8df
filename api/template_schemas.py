"""What requests and answers about templates and layout look like."""

from datetime import date

from api.schemas import example
from domain.base import Value
from domain.layout_settings import LayoutSettings
from domain.templates import TemplateField, TemplateVersion


class Layout(LayoutSettings):
    """The organisation's layout; what is left out is as the templates have it."""

    model_config = example(font="Times New Roman", size_pt=13, line_spacing=1.15, left_mm=25)


class KindLine(Value):
    """A kind of document whose template may be changed."""

    kind: str
    title: str


class Kinds(Value):
    """All kinds, by title."""

    kinds: tuple[KindLine, ...]


class KindTemplates(Value):
    """The versions of a kind's template; 0 is the one that came with the program."""

    kind: str
    in_force: int
    on: date
    versions: tuple[TemplateVersion, ...]
    fields: tuple[TemplateField, ...]


class TemplateKept(Value):
    """A template was taken; warnings tell what it does not print."""

    version: TemplateVersion
    warnings: tuple[str, ...]
