"""The Merkle tree of the log, by RFC 9162, section 2.1: roots, proofs, and their checks.

A leaf is 0x00 and the entry's bytes under SHA-256, a node 0x01 and its two children. The tree of
`size` entries is made of perfect subtrees: one of 2**level leaves is named by (level, place), and
once it is full it never changes. So whoever keeps the hashes of full subtrees can prove anything
by reading a few of them.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

HASH_SIZE = 32
"""The bytes of a hash."""
EMPTY_ROOT = hashlib.sha256().digest()
"""The root of the tree without entries."""


class Subtree(NamedTuple):
    """A perfect subtree: 2**level leaves, the `place`-th (from 0) of its size."""

    level: int
    place: int

    @property
    def end(self) -> int:
        """The number of the first leaf after it: with its last leaf it became full."""
        return (self.place + 1) << self.level


class Span(NamedTuple):
    """The leaves from `start` up to, not including, `end`."""

    start: int
    end: int


SubtreeHash = Callable[[Subtree], bytes]
"""Gives the hash of a full subtree."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of an entry as a leaf."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def grown(size: int, peaks: Sequence[bytes], leaf: bytes) -> tuple[list[bytes], list[bytes]]:
    """The tree of `size` leaves with one leaf more: its peaks, and the subtrees that became full.

    Peaks are the hashes of the largest full subtrees, left to right. The second list begins with
    the leaf and holds one hash for each level.
    """
    left, full = list(peaks), [leaf]
    while size & 1:
        full.append(node_hash(left.pop(), full[-1]))
        size >>= 1
    return [*left, full[-1]], full


def root(peaks: Sequence[bytes]) -> bytes:
    """The root over the peaks of a tree."""
    if not peaks:
        return EMPTY_ROOT
    *rest, found = peaks
    for peak in reversed(rest):
        found = node_hash(peak, found)
    return found


def subtrees(span: Span) -> Iterator[Subtree]:
    """The full subtrees that a node over `span` is made of, left to right.

    `span` is that of a node of the tree: it starts at a multiple of its largest subtree's size.
    """
    start = span.start
    while start < span.end:
        level = (span.end - start).bit_length() - 1
        yield Subtree(level, start >> level)
        start += 1 << level


def span_hash(span: Span, known: SubtreeHash) -> bytes:
    """The hash of the node over `span`; of all leaves, the root."""
    return root([known(subtree) for subtree in subtrees(span)])


def inclusion_spans(index: int, size: int) -> list[Span]:
    """Which nodes, in the order of RFC 9162, prove that leaf `index` (from 0) is in the tree."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    found: list[Span] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _half(end - start)
        if index < middle:
            found.append(Span(middle, end))
            end = middle
        else:
            found.append(Span(start, middle))
            start = middle
    return found[::-1]


def consistency_spans(old: int, new: int) -> list[Span]:
    """Which nodes, in the order of RFC 9162, prove that `old` leaves are the first of `new`."""
    if not 0 < old <= new:
        raise ValueError(f"a tree of {new} leaves does not begin with one of {old}")
    found: list[Span] = []
    start, end = 0, new
    while end != old:
        middle = start + _half(end - start)
        if old <= middle:
            found.append(Span(middle, end))
            end = middle
        else:
            found.append(Span(start, middle))
            start = middle
    if start:  # from the very first leaf on it is the old tree itself, which the verifier has
        found.append(Span(start, end))
    return found[::-1]


def is_included(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], claimed_root: bytes
) -> bool:
    """Whether `proof` shows that `leaf` is entry `index` (from 0) of the tree with that root."""
    if not 0 <= index < size or not _are_hashes(proof):
        return False
    sides = list(_sides(index, size - 1))
    if len(sides) != len(proof):
        return False
    found = leaf
    for is_left, sibling in zip(sides, proof, strict=True):
        found = node_hash(sibling, found) if is_left else node_hash(found, sibling)
    return found == claimed_root


def is_consistent(
    old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether `proof` shows that the tree of `old` entries is the beginning of that of `new`."""
    if not 0 <= old <= new or not _are_hashes(proof):
        return False
    if old in (0, new):  # nothing needs to be proved, so nothing may be told
        return not proof and old_root == (new_root if old == new else EMPTY_ROOT)
    position, last, path = old - 1, new - 1, list(proof)
    while position & 1:
        position, last = position >> 1, last >> 1
    if position == 0:  # the old tree is full: its root begins the path, and need not be told
        path.insert(0, old_root)
    sides = list(_sides(position, last))
    if len(path) != len(sides) + 1:
        return False
    found_old = found_new = path[0]
    for is_left, sibling in zip(sides, path[1:], strict=True):
        if is_left:
            found_old = node_hash(sibling, found_old)
            found_new = node_hash(sibling, found_new)
        else:
            found_new = node_hash(found_new, sibling)
    return found_old == old_root and found_new == new_root


def _sides(position: int, last: int) -> Iterator[bool]:
    """For each step up from a node to the root: whether its sibling is on the left.

    `position` is the node's among those of its level, `last` that of the level's last one.
    """
    while last:
        is_left = position & 1 == 1 or position == last
        yield is_left
        if is_left:
            while not position & 1 and position:
                position, last = position >> 1, last >> 1
        position, last = position >> 1, last >> 1


def _are_hashes(proof: Sequence[bytes]) -> bool:
    """Whether the bytes of neighbours cannot be divided between them in another way."""
    return all(len(one) == HASH_SIZE for one in proof)


def _half(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
