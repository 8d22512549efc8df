"""Signed scans are matched by their codes, and checked by few at a time."""

import os
import shutil
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date

import pytest
from PIL import Image, ImageFilter, ImageOps

from adapters.docx.renderer import DocxRenderer
from adapters.pdf.libreoffice import LibreOffice
from adapters.scans import checks
from adapters.scans.checks import ScanChecks
from adapters.scans.child import Child
from domain.errors import BadUpload, ChecksBusy, ForeignPages
from domain.scans import ScanCheck, Virus
from runtime.rehearsed import scanned
from tests.adapters.scan_files import (
    CODE,
    FOREIGN,
    OLDER,
    a_jpeg,
    a_page,
    a_scan,
    all_drawn,
    with_objects,
)
from tests.adapters.test_docx_renderer import TEMPLATES, example

SCAN = a_scan()


def test_a_scan_with_the_code_on_each_page_is_taken_as_it_is(scans: ScanChecks) -> None:
    scan = a_scan(CODE, CODE)

    taken = scans.check([scan], CODE)

    assert taken.content == scan
    assert taken.check == ScanCheck(pages=2, coded=2)
    assert taken.check.virus is Virus.UNCHECKED


def test_a_page_of_another_document_is_named(scans: ScanChecks) -> None:
    with pytest.raises(ForeignPages, match=r"^страница 2: код другого документа$"):
        scans.check([a_scan(CODE, FOREIGN, None)], CODE)


def test_a_page_of_an_older_version_is_named(scans: ScanChecks) -> None:
    with pytest.raises(ForeignPages, match="страница 1: это версия 1, а подписывается версия 2"):
        scans.check([a_scan(OLDER)], CODE)


def test_a_page_without_a_code_only_warns(scans: ScanChecks) -> None:
    check = scans.check([a_scan(CODE, None)], CODE).check

    assert (check.coded, check.unread) == (1, (2,))
    assert "страница 2: код не прочитан" in check.warnings


def test_pages_are_counted_against_the_copy(scans: ScanChecks) -> None:
    check = scans.check([a_scan(CODE)], CODE, with_objects(pages=3)).check

    assert (check.expected, check.missing) == (3, 2)


def test_without_a_wish_for_a_code_none_is_looked_for(scans: ScanChecks) -> None:
    assert scans.check([a_scan(FOREIGN)]).check == ScanCheck(pages=1)


Spoil = Callable[[Image.Image], Image.Image]


def _tilted(page: Image.Image) -> Image.Image:
    return page.rotate(7, expand=True, fillcolor=(90, 70, 50))


def _askew(page: Image.Image) -> Image.Image:
    wide, high = page.size
    corners = (-90, -60, 40, high + 130, wide + 70, high + 30, wide + 20, -110)
    return page.transform(page.size, Image.Transform.QUAD, corners, fillcolor=(90, 70, 50))


def _dim(page: Image.Image) -> Image.Image:
    shade = Image.linear_gradient("L").resize(page.size).point(lambda level: 90 + level // 3)
    return Image.composite(page, Image.new("RGB", page.size, (60, 55, 50)), shade)


def _soft(page: Image.Image) -> Image.Image:
    return page.filter(ImageFilter.GaussianBlur(1.2))


@pytest.mark.parametrize("spoil", [_tilted, _askew, _dim, _soft, ImageOps.flip])
@pytest.mark.parametrize("turn", [0, 90, 180])
def test_the_code_is_read_on_a_poor_photo(scans: ScanChecks, spoil: Spoil, turn: int) -> None:
    photo = a_jpeg(spoil(a_page().rotate(turn, expand=True)), quality=45)

    assert scans.check([photo], CODE).check.coded == 1


def test_the_paper_of_a_rehearsal_passes_with_its_code(scans: ScanChecks) -> None:
    scan = scanned("Signed copy", date(2026, 9, 2), CODE)

    assert scans.check([scan], CODE).check.coded == 1
    assert scans.check([scanned("Sheet", date(2026, 9, 2))]).check.pages == 1


@pytest.fixture(scope="module")
def office() -> LibreOffice:
    if shutil.which("soffice") is None:
        if os.environ.get("CI") == "true":
            pytest.fail("soffice is not installed")
        pytest.skip("soffice is not installed")
    return LibreOffice(None, 60, 1024)


def test_a_printed_document_is_known_by_each_of_its_pages(
    scans: ScanChecks, office: LibreOffice
) -> None:
    facts = example("order_pairs") | {"document": {"code": CODE}}
    printed = office.converted(DocxRenderer(TEMPLATES).render("order_pairs", facts))
    photos = [a_jpeg(_tilted(page), quality=60) for page in all_drawn(printed)]

    check = scans.check(photos, CODE, printed).check

    assert check.coded == check.pages == check.expected == len(photos)
    with pytest.raises(ForeignPages):
        scans.check([printed], FOREIGN)


def test_a_child_that_takes_too_long_is_ended_and_replaced() -> None:
    child = Child(wall=0.01)

    with pytest.raises(BadUpload, match="слишком долго"):
        child.ask([SCAN], None, coded=True)
    assert not child.is_alive

    again = ScanChecks()
    try:
        again.check([SCAN], CODE)
        (idle,) = again._idle
        idle.end()
        assert again.check([SCAN], CODE).check.coded == 1
    finally:
        again.close()


def test_who_comes_when_too_many_wait_is_told_to_come_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(checks, "WAITING", 1)
    scans = ScanChecks()
    with ExitStack() as at_hand:
        for _ in range(checks.AT_ONCE):
            at_hand.enter_context(scans._turns.one())
        waiting = threading.Thread(target=scans.check, args=([SCAN], CODE))
        waiting.start()
        while scans._turns.at_hand <= checks.AT_ONCE:
            time.sleep(0.01)

        with pytest.raises(ChecksBusy):
            scans.check([SCAN], CODE)

    waiting.join()
    assert scans.check([SCAN], CODE).check.coded == 1
    assert len(scans._idle) <= checks.AT_ONCE
    scans.close()
