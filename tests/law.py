"""The rules of packages and the kinds of documents, as they are shipped; their templates, each
compiled once in a process.
"""

from adapters.docx.renderer import DocxRenderer
from adapters.package_rules import read_package_rules
from runtime.shipped import PACKAGES, TEMPLATES

RENDERER = DocxRenderer(TEMPLATES)

RULES = read_package_rules(PACKAGES)
KINDS = {kind: RENDERER.kind(kind) for kind in RENDERER.kinds()}
