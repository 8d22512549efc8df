"""`check.html`: the page in a bundle that hashes its files in a browser, with no network.

All that it needs stands in it, and its policy (CSP) lets it fetch nothing and run no other script.
"""

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from string import Template

PAGE = "check.html"
_FOLDER = Path(__file__).parent
_HOLE = "\0"  # no subject has it
_LIST = re.compile(r'<script type="application/json" id="list">(.*?)</script>', re.DOTALL)


def check_page(subject: str, sums: Iterable[tuple[str, str | None]]) -> Iterator[str]:
    """The page that checks the files of `sums`, name and hash, in parts.

    It stands among them in its place in SHA256SUMS, without a hash: that it cannot know.
    """
    script = _part("sha256.js") + _part("page.js")
    style = _part("page.css")
    page = Template(_part("page.html")).substitute(
        subject=escape(subject),
        style=style,
        style_hash=_policy_hash(style),
        script=script,
        script_hash=_policy_hash(script),
        listed=_HOLE,
    )
    before, after = page.split(_HOLE)
    yield f"{before}["
    for place, line in enumerate(sums):
        yield ("," if place else "") + f"\n{_as_data(line)}"
    yield f"\n]{after}"


def frame_hash(page: str) -> str:
    """The SHA-256 of a page but for its list, hex. Raises `ValueError` without such a list."""
    before, _, after = _LIST.split(page)
    return hashlib.sha256(f"{before}{after}".encode()).hexdigest()


def listed_in(page: bytes) -> dict[str, str | None]:
    """What the list in a page names; its own hash is None. Raises `ValueError` without such a list.

    Two lists are none: the browser would read the first.
    """
    [text] = _LIST.findall(page.decode())
    lines: list[tuple[str, str | None]] = json.loads(text)
    return dict(lines)


def _part(name: str) -> str:
    return (_FOLDER / name).read_text("utf-8")


def _policy_hash(text: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _as_data(line: tuple[str, str | None]) -> str:
    """A line of the list as JSON, in which no name can end the element around it."""
    return json.dumps(line).replace("<", "\\u003c")
