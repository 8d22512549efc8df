r"""Line breaks, tabs, paragraphs and pages that stand in a value as signs, made into markup.

As docxtpl: `\n` is a line break, `\t` a tab, `\a` a new paragraph, `\f` a new page, each with the
properties of the run and paragraph that the value stands in.
"""

import re

_BREAK = re.compile(r"[\n\t\a\f]")
_PARAGRAPH = re.compile(r"<w:p(?: [^>]*)?>.*?</w:p>", re.DOTALL)
_RUN = re.compile(r"<w:r(?: [^>]*)?>.*?</w:r>", re.DOTALL)
_TEXT = re.compile(r"<w:t(?: [^>]*)?>.*?</w:t>", re.DOTALL)
_OF_PARAGRAPH = re.compile(r"<w:pPr>.*?</w:pPr>")
_OF_RUN = re.compile(r"<w:rPr>.*?</w:rPr>")
_OPENED, _CLOSED = '<w:t xml:space="preserve">', "</w:t>"


def has_breaks(xml: str) -> bool:
    """Whether `with_breaks` could change anything; cheap."""
    return "\n" in xml or "\t" in xml or "\a" in xml or "\f" in xml


def with_breaks(xml: str) -> str:
    """The XML with markup in place of the signs, wherever they stand in text."""
    return _PARAGRAPH.sub(_paragraph, xml)


def _paragraph(found: re.Match[str]) -> str:
    paragraph = found.group()
    if not has_breaks(paragraph):
        return paragraph
    shape = _first(_OF_PARAGRAPH, paragraph)
    return _RUN.sub(lambda run: _run(run.group(), shape), paragraph)


def _run(run: str, shape: str) -> str:
    if not has_breaks(run):
        return run
    look = _first(_OF_RUN, run)
    resumed = f"<w:r>{look}{_OPENED}"
    ended = f"{_CLOSED}</w:r>"
    markup = {
        "\n": f"{_CLOSED}<w:br/>{_OPENED}",
        "\t": f"{ended}<w:r>{look}<w:tab/></w:r>{resumed}",
        "\a": f"{ended}</w:p><w:p>{shape}{resumed}",
        "\f": f'{ended}</w:p><w:p><w:r><w:br w:type="page"/></w:r></w:p><w:p>{shape}{resumed}',
    }
    return _TEXT.sub(lambda text: _BREAK.sub(lambda at: markup[at.group()], text.group()), run)


def _first(pattern: re.Pattern[str], xml: str) -> str:
    found = pattern.search(xml)
    return found.group() if found else ""
