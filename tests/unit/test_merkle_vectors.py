"""The tree against others: the vectors of Certificate Transparency, and another library."""

import random

import pytest
from pymerkle import InmemoryTree, verify_consistency

from domain.merkle import EMPTY_ROOT, is_consistent, is_included
from tests.merkle_trees import Tree

# Those of the reference implementation of RFC 6962, whose tree RFC 9162 keeps: eight entries, the
# root after each, and some proofs.
ENTRIES = [
    bytes.fromhex(entry)
    for entry in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
OF_1, OF_0, OF_23, OF_67, OF_4567 = (
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
    ROOTS[1],
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
)
OF_4, OF_45 = (
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
)
CT = Tree(ENTRIES)


def test_the_published_roots_are_ours() -> None:
    assert [one.hex() for one in CT.roots] == ROOTS


@pytest.mark.parametrize(
    ("index", "size", "proof"),
    [
        (0, 1, []),
        (0, 8, [OF_1, OF_23, OF_4567]),
        (5, 8, [OF_4, OF_67, ROOTS[4]]),
        (2, 3, [ROOTS[2]]),
        (1, 5, [OF_0, OF_23, OF_4]),
    ],
)
def test_the_published_inclusion_proofs_are_ours(index: int, size: int, proof: list[str]) -> None:
    found = CT.inclusion(index, size)
    assert [one.hex() for one in found] == proof
    assert is_included(CT.leaves[index], index, size, found, CT.roots[size])


@pytest.mark.parametrize(
    ("old", "new", "proof"),
    [
        (1, 1, []),
        (1, 8, [OF_1, OF_23, OF_4567]),
        (6, 8, [OF_45, OF_67, ROOTS[4]]),
        (2, 5, [OF_23, OF_4]),
    ],
)
def test_the_published_consistency_proofs_are_ours(old: int, new: int, proof: list[str]) -> None:
    found = CT.consistency(old, new)
    assert [one.hex() for one in found] == proof
    assert is_consistent(old, new, CT.roots[old], CT.roots[new], found)


@pytest.mark.parametrize("seed", range(20))
def test_another_library_has_the_same_roots_and_proofs(seed: int) -> None:
    chance = random.Random(seed)
    size = chance.randint(1, 300)
    entries = [chance.randbytes(chance.randint(0, 90)) for _ in range(size)]
    ours, theirs = Tree(entries), InmemoryTree(algorithm="sha256")
    for n, entry in enumerate(entries, start=1):
        theirs.append_entry(entry)
        assert theirs.get_root() == ours.roots[n]
    for _ in range(40):
        new = chance.randint(1, size)
        index, old = chance.randrange(new), chance.randint(1, new)
        said = theirs.prove_inclusion(index + 1, new).serialize()["path"]
        # Theirs begins with the leaf itself.
        assert said == [one.hex() for one in (ours.leaves[index], *ours.inclusion(index, new))]
        # Theirs splits nodes that RFC 9162 gives whole: each must accept what holds for the other.
        before, after = theirs.get_root(old), theirs.get_root(new)
        verify_consistency(before, after, theirs.prove_consistency(old, new))
        assert is_consistent(old, new, before, after, ours.consistency(old, new))


def test_the_root_of_nothing_is_the_hash_of_nothing() -> None:
    assert EMPTY_ROOT.hex() == ROOTS[0]
