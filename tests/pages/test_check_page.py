"""A bundle's `check.html` in Debian's Chromium, opened from the disk, with the network off."""

import base64
import hashlib
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from runtime.bundle import MANIFEST, README, SUMS
from runtime.check_page import build
from runtime.check_page.build import PAGE
from tests.pages.checking import (
    CHANGED,
    DIFFERENT,
    FOREIGN,
    INTACT,
    MISSING,
    NOTHING,
    STRANGERS,
    UNCHECKED,
    WHOLE,
    Checking,
)
from tests.pages.eyes import WIDTHS, ColorScheme, check_looks
from tests.unit.test_bundle import (
    ANOTHER_NAME,
    DRAFT_NAME,
    ENTRIES,
    FILES,
    OTHERS,
    SIGNED_NAME,
    bundle,
    folder,
    log_file,
)

__all__ = ["bundle", "folder"]

ALL = ENTRIES + FILES + OTHERS + 1
SIGNED = b"%PDF-1.4 a signed scan"
LARGE = 9 * 1024 * 1024  # more than is hashed at once
SHA256 = Path(build.__file__).with_name("sha256.js").read_text("utf-8")


@pytest.fixture
def checking(browser: Browser, folder: Path) -> Iterator[Checking]:
    context = browser.new_context(offline=True, locale="ru-RU")
    checking = Checking(context.new_page(), folder)
    yield checking
    assert checking.asked == [(folder / PAGE).as_uri()]
    assert checking.faults == []
    context.close()


# What is found


def test_an_intact_folder_passes_and_every_file_is_named(checking: Checking) -> None:
    assert checking.choose() == WHOLE
    assert checking.words() == f"Целы: {ALL}. Ни один не пропал, лишних нет."
    there = (file for file in checking.folder.rglob("*") if file.is_file())
    names = {file.relative_to(checking.folder).as_posix() for file in there}
    assert checking.states() == dict.fromkeys(names, INTACT)


@pytest.mark.parametrize("name", [SIGNED_NAME, log_file(3), MANIFEST, README, SUMS, PAGE])
def test_one_changed_byte_is_named(checking: Checking, name: str) -> None:
    file = checking.folder / name
    content = bytearray(file.read_bytes())
    content[10] ^= 1
    file.write_bytes(content)
    assert checking.choose() == DIFFERENT
    assert checking.wrong() == {name: CHANGED}


def test_the_hash_that_was_listed_and_the_one_found_stand_by_a_changed_file(
    checking: Checking,
) -> None:
    (checking.folder / SIGNED_NAME).write_bytes(SIGNED + b" ")
    checking.choose()
    cell = checking.page.get_by_role("row", name=SIGNED_NAME).get_by_role("cell").inner_text()
    assert hashlib.sha256(SIGNED).hexdigest() in cell
    assert hashlib.sha256(SIGNED + b" ").hexdigest() in cell


def test_a_missing_and_a_foreign_file_are_named(checking: Checking) -> None:
    (checking.folder / DRAFT_NAME).unlink()
    (checking.folder / "files" / "<b>чужой.pdf").write_bytes(b"%PDF")
    assert checking.choose() == DIFFERENT
    assert checking.wrong() == {DRAFT_NAME: MISSING, "files/<b>чужой.pdf": FOREIGN}


def test_a_foreign_file_alone_is_no_change_but_is_told(checking: Checking) -> None:
    (checking.folder / "planted.txt").write_bytes(b"")
    assert checking.choose() == STRANGERS
    assert checking.wrong() == {"planted.txt": FOREIGN}


def test_swapped_files_are_both_named(checking: Checking) -> None:
    one, two = checking.folder / log_file(1), checking.folder / log_file(2)
    one.rename(one.with_suffix(".x"))
    two.rename(one)
    one.with_suffix(".x").rename(two)
    assert checking.choose() == DIFFERENT
    assert checking.wrong() == {log_file(1): CHANGED, log_file(2): CHANGED}


def test_without_the_sums_all_but_the_page_is_checked(checking: Checking) -> None:
    (checking.folder / SUMS).unlink()
    assert checking.choose() == DIFFERENT
    assert checking.wrong() == {SUMS: MISSING, PAGE: UNCHECKED}


def test_sums_without_the_page_or_with_a_line_more_are_changed(checking: Checking) -> None:
    text = (checking.folder / SUMS).read_text()
    for forged in (re.sub(r".*check\.html\n", "", text), f"{text}{'0' * 64}  planted.txt\n"):
        (checking.folder / SUMS).write_text(forged)
        assert checking.choose() == DIFFERENT
        assert checking.states()[SUMS] == CHANGED


# How it is chosen


def test_a_folder_around_the_bundle_will_do(checking: Checking, tmp_path: Path) -> None:
    around = tmp_path / "around"
    around.mkdir()
    (around / "letter.txt").write_text("Здравствуйте")
    checking.folder.rename(around / "bundle")
    assert checking.choose(around) == WHOLE


def test_single_files_are_checked_and_the_others_are_told_to_be_unchecked(
    checking: Checking,
) -> None:
    assert checking.choose_files(SIGNED_NAME, MANIFEST) == "Выбранные файлы целы"
    assert checking.words() == f"Целы: 2, не проверены: {ALL - 2}."
    (checking.folder / SIGNED_NAME).write_bytes(b"%PDF")
    assert checking.choose_files(SIGNED_NAME, ANOTHER_NAME) == DIFFERENT
    assert checking.states()[SIGNED_NAME] == CHANGED


def test_the_page_alone_is_not_called_intact(checking: Checking) -> None:
    assert checking.choose_files(PAGE) == "Выбранное сравнить не с чем"
    assert "стоит только в SHA256SUMS" in checking.words()
    assert checking.choose_files(PAGE, SUMS) == "Выбранные файлы целы"
    assert checking.words() == f"Целы: 2, не проверены: {ALL - 2}."


def test_a_dropped_folder_and_dropped_files_are_checked(checking: Checking) -> None:
    assert checking.drop(checking.folder) == WHOLE
    dropped = [checking.folder / name for name in (SIGNED_NAME, README)]
    checking.page.get_by_role("status").evaluate("all => all.replaceChildren()")
    assert checking.drop(*dropped) == "Выбранные файлы целы"
    checking.page.get_by_role("status").evaluate("all => all.replaceChildren()")
    assert checking.drop(*checking.folder.iterdir()) == WHOLE


def test_files_of_something_else_are_told_to_be_that(checking: Checking, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "letter.txt").write_text("Здравствуйте")
    assert checking.choose(other) == NOTHING
    assert checking.states() == {}
    assert checking.choose_files("../bundle.zip") == NOTHING
    assert "Распакуйте архив" in checking.words()


# How it is reckoned


@pytest.mark.parametrize("subtle", [True, False])
def test_a_browser_without_web_crypto_finds_the_same(checking: Checking, *, subtle: bool) -> None:
    if not subtle:
        checking.page.add_init_script("Object.defineProperty(crypto, 'subtle', { value: null })")
        checking.page.reload()
        checking.asked.pop()
    assert checking.page.evaluate("!!crypto.subtle") == subtle
    assert checking.choose() == WHOLE
    (checking.folder / SIGNED_NAME).write_bytes(SIGNED + b" ")
    checking.choose()
    assert checking.wrong() == {SIGNED_NAME: CHANGED}


def test_a_large_file_is_read_in_slices(checking: Checking) -> None:
    checking.page.evaluate(
        """() => {
          window.read = [];
          const whole = Blob.prototype.arrayBuffer;
          Blob.prototype.arrayBuffer = function () {
            window.read.push(this.size);
            return whole.call(this);
          };
        }"""
    )
    content = random.Random(7).randbytes(LARGE)
    (checking.folder / SIGNED_NAME).write_bytes(content)
    checking.choose()
    assert checking.wrong() == {SIGNED_NAME: CHANGED}
    assert max(checking.page.evaluate("window.read")) == 8 * 1024 * 1024
    cell = checking.page.get_by_role("row", name=SIGNED_NAME).get_by_role("cell").inner_text()
    assert hashlib.sha256(content).hexdigest() in cell


def sent(content: bytes) -> str:
    return base64.b64encode(content).decode()


def test_hashing_in_parts_gives_the_hashes_of_the_standard_and_of_hashlib(
    browser: Browser,
) -> None:
    page = browser.new_page()
    of_parts = f"""parts => {{ {SHA256}
      const bytes = (part) => Uint8Array.from(atob(part), (sign) => sign.charCodeAt(0));
      return parts.map((all) => {{
        const sha256 = new Sha256();
        for (const part of all) sha256.update(bytes(part));
        return sha256.hex();
      }});
    }}"""
    vectors = {
        b"": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        b"abc": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq": (
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        b"a" * 1_000_000: "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
    }
    assert page.evaluate(of_parts, [[sent(text)] for text in vectors]) == list(vectors.values())
    chance = random.Random(20)
    for _ in range(10):
        cut = [[chance.randbytes(chance.randrange(150)) for _ in range(5)] for _ in range(50)]
        expected = [hashlib.sha256(b"".join(parts)).hexdigest() for parts in cut]
        assert (
            page.evaluate(of_parts, [[sent(part) for part in parts] for parts in cut]) == expected
        )
    page.close()


# What it looks like, and what it may not do


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_it_fits_and_passes_axe_before_and_after(
    browser: Browser, folder: Path, width: int, scheme: ColorScheme
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": WIDTHS[width]}, color_scheme=scheme, offline=True
    )
    checking = Checking(context.new_page(), folder)
    check_looks(checking.page)
    checking.choose()
    check_looks(checking.page)
    (folder / SIGNED_NAME).write_bytes(b"%PDF")
    (folder / DRAFT_NAME).unlink()
    (folder / "planted.txt").write_bytes(b"")
    checking.choose()
    check_looks(checking.page)
    context.close()


def test_it_is_worked_by_the_keyboard(browser: Browser, folder: Path) -> None:
    context = browser.new_context(offline=True, locale="ru-RU")
    checking = Checking(context.new_page(), folder)
    reached = []
    for _ in range(2):
        checking.page.keyboard.press("Tab")
        reached.append(checking.page.evaluate("document.activeElement.id"))
        line = "getComputedStyle(document.activeElement.nextElementSibling).outlineStyle"
        assert checking.page.evaluate(line) == "solid"
    assert reached == ["folder", "files"]
    # Whether a headless Chromium then opens its own window depends on more than this page.
    checking.page.evaluate(
        """document.addEventListener("click", (event) => {
          document.title = `${event.target.id} ${event.isTrusted}`;
          event.preventDefault();
        })"""
    )
    checking.page.keyboard.press("Enter")
    assert checking.page.title() == "files true"
    checking.page.set_input_files("#files", checking.folder / README)
    assert checking.verdict() == "Выбранные файлы целы"
    context.close()


def test_many_files_are_shown_in_parts(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "log").mkdir()
    empty = hashlib.sha256(b"").hexdigest()
    sums = {f"log/{seq:09d}.json": empty for seq in range(450)}
    for name in sums:
        (tmp_path / name).touch()
    (tmp_path / log_file(449)).unlink()
    lines = [(PAGE, None), *sorted(sums.items())]
    (tmp_path / PAGE).write_text("".join(build.check_page("cycle/c1", lines)), "utf-8")
    page = browser.new_page()
    checking = Checking(page, tmp_path)
    assert checking.choose() == DIFFERENT
    assert next(iter(checking.wrong().items())) == (log_file(449), MISSING)
    assert len(checking.states()) == 200
    page.get_by_role("button", name="Показать ещё (осталось 252)").click()
    page.get_by_role("button", name="Показать ещё (осталось 52)").click()
    assert set(checking.states()) == {*sums, SUMS, PAGE}
    assert page.get_by_role("button", name="Показать ещё").count() == 0
    page.close()


@pytest.mark.parametrize(
    ("attempt", "directive"),
    [
        ("fetch('http://127.0.0.1:9/').catch(() => 0)", "connect-src"),
        ("new Image().src = 'http://127.0.0.1:9/'", "img-src"),
        ("add('script', { textContent: '1' })", "script-src-elem"),
        ("add('iframe', { src: 'http://127.0.0.1:9/' })", "frame-src"),
        ("add('style', { textContent: 'p { color: red }' })", "style-src-elem"),
    ],
)
def test_its_policy_stops_whatever_would_use_the_network(
    browser: Browser, folder: Path, attempt: str, directive: str
) -> None:
    page = browser.new_page()
    page.goto((folder / PAGE).as_uri())
    stopped = page.evaluate(
        f"""() => new Promise((done) => {{
          document.addEventListener("securitypolicyviolation", (e) => done(e.effectiveDirective));
          const add = (tag, held) =>
            document.body.append(Object.assign(document.createElement(tag), held));
          {attempt};
        }})"""
    )
    assert stopped == directive
    page.close()


def test_a_new_choice_ends_the_check_before(checking: Checking) -> None:
    """A folder whose reading never ends is chosen, and then another one."""
    checking.page.evaluate(
        """() => {
          const whole = Blob.prototype.arrayBuffer;
          let first = true;
          Blob.prototype.arrayBuffer = function () {
            if (!first) return whole.call(this);
            first = false;
            return new Promise((done) => { window.go_on = () => done(whole.call(this)); });
          };
        }"""
    )
    (checking.folder / SIGNED_NAME).write_bytes(b"%PDF")
    checking.page.get_by_label("Выбрать папку").set_input_files(checking.folder)
    checking.page.get_by_text("Считаю хеши").wait_for()
    assert checking.choose_files(MANIFEST) == "Выбранные файлы целы"
    checking.page.evaluate("window.go_on()")
    checking.page.wait_for_timeout(300)
    assert checking.verdict() == "Выбранные файлы целы"
    assert not checking.page.get_by_text("Считаю хеши").is_visible()


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_checked(
    checking: Checking,
) -> None:
    """Gone between the choice and the reading: what a browser answers is a `DOMException`."""
    checking.page.evaluate(
        """() => {
          const whole = Blob.prototype.arrayBuffer;
          Blob.prototype.arrayBuffer = function () {
            if (this.name !== "manifest.json") return whole.call(this);
            return Promise.reject(new DOMException("", "NotReadableError"));
          };
        }"""
    )
    assert checking.choose() == DIFFERENT
    assert checking.wrong() == {MANIFEST: "▲ не прочитан"}


def test_without_javascript_it_says_how_else_to_check(browser: Browser, folder: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / PAGE).as_uri())
    assert page.get_by_text("выключен JavaScript").is_visible()
    assert page.get_by_text("sha256sum -c SHA256SUMS").is_visible()
    assert not page.get_by_text("Выбрать папку").is_visible()
    context.close()
