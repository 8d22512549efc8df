"""`check.html`: lists exactly the bundle's files, and lets nothing in but its own script."""

import base64
import hashlib
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from runtime.bundle import SUMS, check_bundle
from runtime.check_page.build import PAGE, check_page, listed_in
from tests.unit.test_bundle import bundle, resum, unpacked

__all__ = ["bundle", "unpacked"]

NASTY = (
    "files/</script><script>alert(1)</script>.pdf",
    'files/<!--<script>".pdf',
    "files/$script & 'one'\\.pdf",
    "files/строка\u2028и ещё.pdf",
)
UNREADABLE = f"{PAGE}: список хешей в странице не читается"
ANOTHER_LIST = f"{PAGE}: список хешей в странице не тот, что в SHA256SUMS"


class Elements(HTMLParser):
    """Each element as a browser reads it, with its attributes and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None], str]] = []
        self._inside = False
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs), ""))
        self._inside = True

    def handle_data(self, data: str) -> None:
        if self._inside:
            tag, attributes, text = self.found[-1]
            self.found[-1] = (tag, attributes, text + data)

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def named(self, tag: str) -> list[tuple[dict[str, str | None], str]]:
        return [(attributes, text) for name, attributes, text in self.found if name == tag]


def policy_hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


# What is whole


def test_the_page_lists_exactly_the_files_of_the_bundle_but_itself_and_the_sums(
    unpacked: Path,
) -> None:
    there = (file for file in unpacked.rglob("*") if file.is_file())
    digests = {
        file.relative_to(unpacked).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in there
    }
    listed = listed_in((unpacked / PAGE).read_bytes())
    assert listed.pop(PAGE) is None
    sums = digests.pop(SUMS), digests.pop(PAGE)
    assert listed == digests
    assert f"{sums[1]}  {PAGE}\n" in (unpacked / SUMS).read_text()


def test_the_list_stands_in_the_order_of_the_sums(unpacked: Path) -> None:
    names = [line.split("  ", 1)[1] for line in (unpacked / SUMS).read_text().splitlines()]
    assert list(listed_in((unpacked / PAGE).read_bytes())) == names


def test_the_readme_says_how_to_use_it_and_where_its_own_hash_is(unpacked: Path) -> None:
    text = (unpacked / "README.txt").read_text("utf-8")
    assert "откройте check.html" in text
    assert "только в SHA256SUMS" in text


@pytest.mark.parametrize("name", NASTY)
def test_no_name_ends_the_list_or_is_lost(name: str) -> None:
    sums = {name: "0" * 64, "manifest.json": "1" * 64}
    page = check_page("pair/p1", sums)
    assert listed_in(page.encode()) == {**sums, PAGE: None}
    (attributes, text), (_, script) = Elements(page).named("script")
    assert attributes == {"type": "application/json", "id": "list"}
    assert dict(json.loads(text)) == {**sums, PAGE: None}
    assert "alert" not in script


def test_a_subject_is_text() -> None:
    page = check_page("pair/<b>&$style", {})
    assert Elements(page).named("b") == []
    assert "<code>pair/&lt;b&gt;&amp;$style</code>" in page


def test_the_policy_lets_in_its_own_script_and_style_and_nothing_else() -> None:
    page = Elements(check_page("cycle/c1", {NASTY[0]: "0" * 64}))
    [(policy, _)] = [it for it in page.named("meta") if "http-equiv" in it[0]]
    [(_, style)] = page.named("style")
    assert policy["http-equiv"] == "Content-Security-Policy"
    assert policy["content"] == (
        f"default-src 'none'; script-src {policy_hash(page.named('script')[1][1])}; "
        f"style-src {policy_hash(style)}; base-uri 'none'; form-action 'none'"
    )


def test_the_page_names_no_address_and_holds_no_handler() -> None:
    page = check_page("cycle/c1", {})
    attributes = [name for _, held, _ in Elements(page).found for name in held]
    assert not {"src", "href", "style", "action"} & set(attributes)
    assert not [name for name in attributes if name.startswith("on")]
    assert not re.search(r"https?://|innerHTML|eval\(", page)


# What was tampered with, though the sums were made to agree


def edit(folder: Path, change: Callable[[str], str]) -> tuple[str, ...]:
    """What the check finds after this change of the page."""
    page = folder / PAGE
    page.write_text(change(page.read_text("utf-8")), "utf-8")
    resum(folder)
    return check_bundle(folder).problems


def test_a_changed_hash_in_the_page_is_found(unpacked: Path) -> None:
    digest = listed_in((unpacked / PAGE).read_bytes())["README.txt"]
    assert digest
    assert edit(unpacked, lambda page: page.replace(digest, "0" * 64)) == (ANOTHER_LIST,)


def test_a_file_that_the_page_does_not_list_is_found(unpacked: Path) -> None:
    (unpacked / "planted.txt").write_text("лишний")
    resum(unpacked)
    assert check_bundle(unpacked).problems == (ANOTHER_LIST,)


@pytest.mark.parametrize(
    "change",
    [
        lambda page: "",
        lambda page: page.replace('id="list"', 'id="lost"'),
        lambda page: page.replace('["README.txt"', "[[["),
        lambda page: re.sub(r"\[\n.*\n\]", "[1]", page, flags=re.DOTALL),
        lambda page: re.sub(r"\[\n.*\n\]", "[" * 100_000, page, flags=re.DOTALL),
        lambda page: '<script type="application/json" id="list">[]</script>' + page,
    ],
    ids=["empty", "no list", "no JSON", "no pairs", "bottomless", "two lists"],
)
def test_a_page_without_a_readable_list_is_found(
    unpacked: Path, change: Callable[[str], str]
) -> None:
    assert edit(unpacked, change) == (UNREADABLE,)


def test_a_missing_page_is_found(unpacked: Path) -> None:
    (unpacked / PAGE).unlink()
    resum(unpacked)
    assert check_bundle(unpacked).problems == (UNREADABLE,)


def test_a_changed_page_is_found_by_its_sum(unpacked: Path) -> None:
    page = unpacked / PAGE
    page.write_bytes(page.read_bytes().replace(b"SLICE", b"SLIDE"))
    assert check_bundle(unpacked).problems == (f"{PAGE}: файл изменён",)
