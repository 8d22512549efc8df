"""A scan is matched to its document and version by the codes on its pages."""

import pytest

from domain.errors import ForeignPages
from domain.ids import document_code, is_document_code
from domain.scans import ScanCheck, Virus, matched

OURS, OTHER = "a" * 16, "b" * 16
CODE = document_code(OURS, 2)


def test_pages_with_the_code_are_counted_and_pages_without_are_named() -> None:
    check = matched(CODE, [[CODE], [], [CODE, CODE], []], None, Virus.CLEAN)

    assert (check.pages, check.coded, check.unread, check.missing) == (4, 2, (2, 4), None)
    assert check.warnings == ("страница 2: код не прочитан", "страница 4: код не прочитан")


def test_a_scan_without_any_code_is_taken_with_one_warning() -> None:
    check = matched(CODE, [[], []], None, Virus.CLEAN)

    assert (check.coded, check.unread) == (0, (1, 2))
    (said,) = check.warnings
    assert "ни на одной странице" in said


@pytest.mark.parametrize(
    ("read", "said"),
    [
        ([[document_code(OTHER, 2)]], ["страница 1: код другого документа"]),
        (
            [[CODE], [document_code(OURS, 1)]],
            ["страница 2: это версия 1, а подписывается версия 2"],
        ),
        (
            [[document_code(OTHER, 1)], [CODE], [CODE, document_code(OTHER, 2)]],
            ["страница 1: код другого документа", "страница 3: код другого документа"],
        ),
    ],
)
def test_a_foreign_page_is_named_by_its_number_and_not_by_whose_it_is(
    read: list[list[str]], said: list[str]
) -> None:
    with pytest.raises(ForeignPages) as refusal:
        matched(CODE, read, None, Virus.CLEAN)

    assert str(refusal.value).split("; ") == said
    assert OTHER not in str(refusal.value)


@pytest.mark.parametrize(
    ("pages", "expected", "missing"), [(2, 3, 1), (3, 3, 0), (4, 3, 0), (1, None, None)]
)
def test_missing_pages_are_counted_against_the_copy(
    pages: int, expected: int | None, missing: int | None
) -> None:
    check = matched(CODE, [[CODE]] * pages, expected, Virus.CLEAN)

    assert check.missing == missing
    assert bool(check.warnings) is bool(missing)


def test_an_unchecked_scan_says_so() -> None:
    assert matched(CODE, [[CODE]], 1, Virus.UNCHECKED).warnings == ("на вирусы не проверено",)


@pytest.mark.parametrize(
    "check",
    [
        ScanCheck(pages=1),
        ScanCheck(pages=3, coded=1, unread=(2, 3), expected=4, virus=Virus.CLEAN),
        ScanCheck(pages=3, coded=3, expected=3, virus=Virus.CLEAN),
    ],
)
def test_a_check_comes_back_from_the_event_that_holds_it(check: ScanCheck) -> None:
    assert ScanCheck.of_refs({"kind": "order_pairs", **check.refs()}) == check


def test_an_event_of_before_scans_were_checked_has_none() -> None:
    assert ScanCheck.of_refs({"kind": "order_pairs"}) is None


@pytest.mark.parametrize("text", ["", "hello", f"{OURS}/0", f"{OURS}", f"{OURS}/1\n", "A" * 16])
def test_not_every_text_is_a_code_of_ours(text: str) -> None:
    assert is_document_code(CODE)
    assert not is_document_code(text)
