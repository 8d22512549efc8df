"""`check.html`: the page in a bundle that hashes its files in a browser, with no network.

All that it needs stands in it, and its policy (CSP) lets it fetch nothing and run no other script.
"""

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template

PAGE = "check.html"
_FOLDER = Path(__file__).parent
_LIST = re.compile(r'<script type="application/json" id="list">(.*?)</script>', re.DOTALL)


def check_page(subject: str, sums: Mapping[str, str]) -> str:
    """The page that checks the files of `sums`, a hash by name; `sums` does not name the page.

    It knows the place of its own line in SHA256SUMS, whose hash it cannot know.
    """
    script = _part("sha256.js") + _part("page.js")
    style = _part("page.css")
    return Template(_part("page.html")).substitute(
        subject=escape(subject),
        style=style,
        style_hash=_policy_hash(style),
        script=script,
        script_hash=_policy_hash(script),
        listed=_as_data(sorted([*sums.items(), (PAGE, None)])),
    )


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


def _as_data(lines: list[tuple[str, str | None]]) -> str:
    """JSON, a line for each file, in which no name can end the element around it."""
    rows = (json.dumps(line).replace("<", "\\u003c") for line in lines)
    return "[\n" + ",\n".join(rows) + "\n]"
