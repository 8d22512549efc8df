"""Trees for tests: any entries, their roots and the proofs that the log would give."""

from collections.abc import Sequence
from functools import cached_property

from domain.merkle import (
    EMPTY_ROOT,
    Subtree,
    consistency_spans,
    grown,
    inclusion_spans,
    leaf_hash,
    root,
    span_hash,
)


class Tree:
    """A tree with all that it was on the way."""

    def __init__(self, entries: Sequence[bytes]) -> None:
        self.leaves = [leaf_hash(entry) for entry in entries]

    @cached_property
    def _grown(self) -> tuple[list[bytes], dict[Subtree, bytes]]:
        roots, known, peaks = [EMPTY_ROOT], dict[Subtree, bytes](), list[bytes]()
        for n, leaf in enumerate(self.leaves):
            peaks, full = grown(n, peaks, leaf)
            known.update({Subtree(level, n >> level): one for level, one in enumerate(full)})
            roots.append(root(peaks))
        return roots, known

    @property
    def roots(self) -> list[bytes]:
        """After each number of entries, from none on."""
        return self._grown[0]

    def inclusion(self, index: int, size: int) -> list[bytes]:
        return [span_hash(one, self._grown[1].__getitem__) for one in inclusion_spans(index, size)]

    def consistency(self, old: int, new: int) -> list[bytes]:
        return [span_hash(one, self._grown[1].__getitem__) for one in consistency_spans(old, new)]
