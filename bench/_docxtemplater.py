"""The same document by docxtemplater, in a process of Node: an equal template, and its times."""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from adapters.docx.zipped import Container, unzipped

PACKAGES = ("docxtemplater@3.71.0", "pizzip@3.3.0")
WARM_UP = 100  # the compiler of Node works while it learns what is often done
SCRIPT = Path(__file__).with_name("_docxtemplater.js")
_TAG = re.compile(r"\{([{%])(p|tr)? ?(.*?) ?[%}]\}")
_ROW = re.compile(r"<w:tr[ >](?:(?!</w:tr>).)*?</w:tr>", re.DOTALL)
_PARAGRAPH = re.compile(r"<w:p[ >](?:(?!</w:p>).)*?\{%p else %\}.*?</w:p>", re.DOTALL)


class Docxtemplater:
    """Node at work with one template and facts, until closed. None of it lies in this tree."""

    def __init__(self, template: bytes, facts: Mapping[str, Any], picture: bytes) -> None:
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        files = [folder / name for name in ("template.docx", "facts.json", "qr.png", "out.docx")]
        files[0].write_bytes(translated(template))
        files[1].write_text(json.dumps(facts, ensure_ascii=False), "utf-8")
        files[2].write_bytes(picture)
        self._out = files[3]
        self._node = subprocess.Popen(
            ["node", str(SCRIPT), str(installed()), *map(str, files)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.seconds(WARM_UP)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._node.communicate()
        self._folder.cleanup()

    def made(self) -> bytes:
        """The document, as it was made first."""
        return self._out.read_bytes()

    def seconds(self, times: int) -> float:
        """Of Node's main thread, for one document."""
        assert self._node.stdin is not None
        assert self._node.stdout is not None
        self._node.stdin.write(f"{times}\n")
        self._node.stdin.flush()
        return float(self._node.stdout.readline()) / 1e9


def installed() -> Path:
    """The folder with the packages, in the user's cache; they are fetched once."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "nastavnik" / "bench" / "-".join(PACKAGES).replace("@", "-")
    if not (folder / "node_modules" / "docxtemplater").exists():
        part = folder.with_name(f"{folder.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        quiet = ("--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--silent")
        subprocess.run(["npm", "install", "--prefix", str(part), *quiet, *PACKAGES], check=True)
        part.rename(folder)
    return folder


def translated(template: bytes) -> bytes:
    """The template with tags as docxtemplater writes them, its other parts as they are."""
    parts = unzipped(template)
    for name in parts:
        if re.fullmatch(r"word/(document|header\d+|footer\d+)\.xml", name):
            parts[name] = _translated(parts[name].decode()).encode()
    return Container(parts).written()


def _translated(xml: str) -> str:
    # A paragraph may hold one tag of a loop: «else» is an end and a beginning.
    def twice(found: re.Match[str]) -> str:
        paragraph = found.group()
        return paragraph.replace("{%p else %}", "{%p end %}") + paragraph

    return _Tags().translated(_rows(_PARAGRAPH.sub(twice, xml)))


class _Tags:
    """Statements of a part, in their order. A name in `_loops` is the item of a loop around."""

    def __init__(self) -> None:
        self._conditions: list[tuple[str, int]] = []  # the last one, and how many ends it needs
        self._loops: list[str] = []

    def translated(self, xml: str) -> str:
        return _TAG.sub(self._tag, xml)

    def _tag(self, found: re.Match[str]) -> str:
        kind, whole, words = found.groups()
        if kind == "{":
            return "{" + self._value(words) + "}"
        statement, _, rest = words.partition(" ")
        return str(getattr(self, f"_{statement}")(rest, whole))

    def _value(self, words: str) -> str:
        for item in self._loops:
            words = re.sub(rf"\b{item}\.", "", re.sub(rf"\b{item}\b(?!\.)", ".", words))
        return words

    def _if(self, condition: str, _: str | None) -> str:
        self._conditions.append((self._value(condition), 1))
        return "{#?" + self._conditions[-1][0] + "}"

    def _elif(self, condition: str, _: str | None) -> str:
        last, ends = self._conditions.pop()
        self._conditions.append((self._value(condition), ends + 1))
        return "{/}{^?" + last + "}{#?" + self._conditions[-1][0] + "}"

    def _else(self, _: str, whole: str | None) -> str:
        return ("" if whole else "{/}") + "{^?" + self._conditions[-1][0] + "}"

    def _end(self, _: str, __: str | None) -> str:
        return "{/}"  # before «else», which needs the condition still

    def _endif(self, _: str, __: str | None) -> str:
        return "{/}" * self._conditions.pop()[1]

    def _for(self, loop: str, _: str | None) -> str:
        item, _, items = loop.partition(" in ")
        opened = "{#" + self._value(items) + "}"
        self._loops.append(item)
        return opened

    def _endfor(self, _: str, __: str | None) -> str:
        self._loops.pop()
        return "{/}"


def _rows(xml: str) -> str:
    """A loop over rows stands within the row that is repeated."""
    rows = _ROW.findall(xml)
    for place, row in enumerate(rows):
        loop = re.search(r"\{%tr (for \w+ in \w+) %\}", row)
        if loop is None:
            continue
        repeated, end = rows[place + 1 : place + 3]
        assert "{%tr endfor %}" in end
        before, _, after = repeated.rpartition("</w:t>")
        marked = f"{before}{{% endfor %}}</w:t>{after}"
        marked = marked.replace("<w:t>", f"<w:t>{{% {loop[1]} %}}", 1)
        xml = xml.replace(row + repeated + end, marked)
    return xml
