"""The tree of RFC 9162: equal to its recursive definition, and its proofs hold and nothing else."""

import pytest

from domain.merkle import (
    EMPTY_ROOT,
    Subtree,
    consistency_spans,
    grown,
    inclusion_spans,
    is_consistent,
    is_included,
    leaf_hash,
    node_hash,
    root,
    span_hash,
)

SIZE = 70
ENTRIES = [f"entry {n}".encode() for n in range(SIZE)]
LEAVES = [leaf_hash(entry) for entry in ENTRIES]


def defined_root(entries: list[bytes]) -> bytes:
    """Section 2.1.1, word by word."""
    if not entries:
        return EMPTY_ROOT
    if len(entries) == 1:
        return leaf_hash(entries[0])
    half = 1
    while half * 2 < len(entries):
        half *= 2
    return node_hash(defined_root(entries[:half]), defined_root(entries[half:]))


def grown_tree() -> tuple[list[bytes], dict[Subtree, bytes]]:
    """The root after each entry, and the full subtrees."""
    roots, known = [EMPTY_ROOT], {}
    peaks: list[bytes] = []
    for n, leaf in enumerate(LEAVES):
        peaks, full = grown(n, peaks, leaf)
        known.update({Subtree(level, n >> level): found for level, found in enumerate(full)})
        roots.append(root(peaks))
    return roots, known


ROOTS, KNOWN = grown_tree()


def test_a_tree_that_grows_has_the_roots_of_the_definition() -> None:
    assert [defined_root(ENTRIES[:n]) for n in range(SIZE + 1)] == ROOTS


def test_each_full_subtree_is_known_when_its_last_leaf_comes() -> None:
    assert all(subtree.end <= SIZE for subtree in KNOWN)
    assert len(KNOWN) == sum(SIZE >> level for level in range(SIZE.bit_length()))


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 63, 64, 70])
def test_every_entry_is_proved_to_be_in_the_tree_and_at_no_other_place(size: int) -> None:
    for n in range(size):
        proof = [span_hash(span, KNOWN.__getitem__) for span in inclusion_spans(n, size)]
        assert is_included(LEAVES[n], n, size, proof, ROOTS[size])
        for other in range(size):
            assert is_included(LEAVES[n], other, size, proof, ROOTS[size]) == (other == n)


@pytest.mark.parametrize("new", [1, 2, 3, 7, 8, 9, 63, 64, 70])
def test_every_earlier_tree_is_proved_to_be_the_beginning_of_a_later_one(new: int) -> None:
    for old in range(1, new + 1):
        proof = [span_hash(span, KNOWN.__getitem__) for span in consistency_spans(old, new)]
        assert is_consistent(old, new, ROOTS[old], ROOTS[new], proof)
        assert not is_consistent(old, new, ROOTS[old - 1], ROOTS[new], proof)
        assert not is_consistent(old, new, ROOTS[old], ROOTS[new], [*proof, LEAVES[0]])


def test_the_empty_tree_is_the_beginning_of_any_and_needs_no_proof() -> None:
    assert is_consistent(0, 5, EMPTY_ROOT, ROOTS[5], [])
    assert not is_consistent(0, 5, ROOTS[1], ROOTS[5], [])
    assert not is_consistent(5, 4, ROOTS[5], ROOTS[4], [])


def test_a_place_outside_the_tree_has_no_proof() -> None:
    assert not is_included(LEAVES[0], 1, 1, [], ROOTS[1])
    with pytest.raises(ValueError, match="no leaf 5"):
        inclusion_spans(5, 5)
    with pytest.raises(ValueError, match="does not begin"):
        consistency_spans(6, 5)
