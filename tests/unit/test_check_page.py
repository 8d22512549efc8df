"""`check.html`: lists exactly the bundle's files, and lets nothing in but its own script."""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from pathlib import Path

import pytest

from runtime.bundle import SUMS
from runtime.bundle_check import check_bundle
from runtime.check_page import build
from runtime.check_page.build import PAGE, frame_hash, listed_in
from tests.bundle_builders import resum
from tests.unit.test_bundle import bundle, folder

__all__ = ["bundle", "folder"]

NASTY = (
    "files/</script><script>alert(1)</script>.pdf",
    'files/<!--<script>".pdf',
    "files/$script & 'one'\\.pdf",
    "files/строка\u2028и ещё.pdf",
)
AGAIN = "попросите выгрузить свидетельства заново"
UNREADABLE = f"{PAGE}: список хешей в странице не читается; {AGAIN}"
ANOTHER_LIST = f"{PAGE}: список хешей в странице не тот, что в SHA256SUMS; {AGAIN}"
OTHERWISE = f"{PAGE}: не то, что было подписано при выгрузке; {AGAIN}"
STRANGER = "planted.txt: посторонний файл, в свидетельствах таких нет; уберите его"


def check_page(subject: str, sums: Mapping[str, str]) -> str:
    """The whole page over these sums."""
    return "".join(build.check_page(subject, sorted([*sums.items(), (PAGE, None)])))


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
    folder: Path,
) -> None:
    there = (file for file in folder.rglob("*") if file.is_file())
    digests = {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in there
    }
    listed = listed_in((folder / PAGE).read_bytes())
    assert listed.pop(PAGE) is None
    sums = digests.pop(SUMS), digests.pop(PAGE)
    assert listed == digests
    assert f"{sums[1]}  {PAGE}\n" in (folder / SUMS).read_text()


def test_the_list_stands_in_the_order_of_the_sums(folder: Path) -> None:
    names = [line.split("  ", 1)[1] for line in (folder / SUMS).read_text().splitlines()]
    assert list(listed_in((folder / PAGE).read_bytes())) == names


def test_the_readme_says_how_to_use_it_and_where_its_own_hash_is(folder: Path) -> None:
    text = (folder / "README.txt").read_text("utf-8")
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


def test_a_changed_hash_in_the_page_is_found(folder: Path) -> None:
    digest = listed_in((folder / PAGE).read_bytes())["README.txt"]
    assert digest
    assert edit(folder, lambda page: page.replace(digest, "0" * 64)) == (ANOTHER_LIST,)


def test_a_file_that_the_page_does_not_list_is_found(folder: Path) -> None:
    (folder / "planted.txt").write_text("лишний")
    resum(folder)
    assert check_bundle(folder).problems == (STRANGER, ANOTHER_LIST)


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
    folder: Path, change: Callable[[str], str]
) -> None:
    assert edit(folder, change) in [(UNREADABLE,), (UNREADABLE, OTHERWISE)]


def test_a_missing_page_is_found(folder: Path) -> None:
    (folder / PAGE).unlink()
    resum(folder)
    assert check_bundle(folder).problems == (UNREADABLE, OTHERWISE)


def test_a_changed_page_is_found_by_its_sum(folder: Path) -> None:
    page = folder / PAGE
    page.write_bytes(page.read_bytes().replace(b"SLICE", b"SLIDE"))
    changed = f"{PAGE}: файл изменён; {AGAIN}"
    assert check_bundle(folder).problems == (changed, OTHERWISE)


# What is signed of it


def test_its_frame_is_the_same_whatever_it_lists_and_another_for_another_subject() -> None:
    empty, full = check_page("cycle/c1", {}), check_page("cycle/c1", {NASTY[0]: "0" * 64})
    assert frame_hash(empty) == frame_hash(full)
    assert frame_hash(empty) != frame_hash(check_page("cycle/c2", {}))
    assert frame_hash(empty) != frame_hash(empty.replace("SLICE", "SLIDE"))
