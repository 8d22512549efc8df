"""The rules of packages and the kinds of documents, as they are shipped."""

from adapters.docx.renderer import DocxRenderer
from adapters.package_rules import read_package_rules
from runtime.wiring import PACKAGES, TEMPLATES

_RENDERER = DocxRenderer(TEMPLATES)

RULES = read_package_rules(PACKAGES)
KINDS = {kind: _RENDERER.kind(kind) for kind in _RENDERER.kinds()}
