"""Ten thousand forged proofs of each kind are refused, and the true ones they are made of hold."""

import random
from collections.abc import Sequence

from domain.merkle import HASH_SIZE, is_consistent, is_included
from tests.merkle_trees import Tree

FORGED = 10_000
SIZE = 400
TREE = Tree([b"entry %d" % n for n in range(SIZE)])
REWRITTEN = Tree([b"another" if n == 3 else b"entry %d" % n for n in range(SIZE)])


def test_forged_inclusion_proofs_are_refused() -> None:
    chance, refused = random.Random(9162), 0
    while refused < FORGED:
        size = chance.randint(5, SIZE)
        index = chance.randrange(size)
        leaf, proof, root = TREE.leaves[index], TREE.inclusion(index, size), TREE.roots[size]
        assert is_included(leaf, index, size, proof, root)
        match chance.randrange(6):
            case 0:
                leaf = chance.choice([chance.randbytes(32), TREE.leaves[index - 1], root])
            case 1:
                index = chance.choice([index - 1, index + 1, index ^ 1, -1, size, index + size])
            case 2:
                root = chance.choice([chance.randbytes(32), TREE.roots[size - 1], leaf])
            case 3:  # the proof of another checkpoint
                size = chance.choice([size - 1, size // 2, 0])
                root = TREE.roots[size]
            case 4:  # what a rewritten log would prove of its own entry
                leaf, proof = REWRITTEN.leaves[3], REWRITTEN.inclusion(3, size)
                index = 3
            case _:
                proof = forged(chance, proof)
        known = 0 <= index < size and (leaf, root) == (TREE.leaves[index], TREE.roots[size])
        if known and proof == TREE.inclusion(index, size):
            continue  # it came out true
        assert not is_included(leaf, index, size, proof, root)
        refused += 1


def test_forged_consistency_proofs_are_refused() -> None:
    chance, refused = random.Random(6962), 0
    while refused < FORGED:
        new = chance.randint(5, SIZE)
        old = chance.randint(1, new - 1)
        proof = TREE.consistency(old, new)
        before, after = TREE.roots[old], TREE.roots[new]
        assert is_consistent(old, new, before, after, proof)
        match chance.randrange(6):
            case 0:
                before = chance.choice([chance.randbytes(32), TREE.roots[old - 1], after])
            case 1:
                after = chance.choice([chance.randbytes(32), TREE.roots[new - 1], before])
            case 2:  # the proof between other checkpoints
                old = chance.choice([old - 1, old + 1, old // 2])
                before = TREE.roots[old]
            case 3:
                old, new, before, after = new, old, after, before
            case 4 if old > 3:  # an entry that the witness has seen is another one now
                after = REWRITTEN.roots[new]
                proof = REWRITTEN.consistency(old, new)
            case _:
                proof = forged(chance, proof)
        known = 0 < old <= new and (before, after) == (TREE.roots[old], TREE.roots[new])
        if known and proof == TREE.consistency(old, new):
            continue  # it came out true
        assert not is_consistent(old, new, before, after, proof)
        refused += 1


def forged(chance: random.Random, proof: Sequence[bytes]) -> list[bytes]:
    """The proof with one thing changed."""
    made = list(proof)
    place = chance.randrange(len(made))
    match chance.randrange(6):
        case 0:
            made[place] = flipped(made[place], chance.randrange(8 * HASH_SIZE))
        case 1:
            made[place] = chance.randbytes(HASH_SIZE)
        case 2:
            made.insert(place, chance.choice([made[place], chance.randbytes(HASH_SIZE)]))
        case 3 if len(made) > 1:
            other = chance.randrange(len(made))
            made[place], made[other] = made[other], made[place]
        case 4:  # a byte handed to the neighbour: all of them together stay the same
            whole, cut = b"".join(made), HASH_SIZE * place + 1
            made = [*made[:place], whole[HASH_SIZE * place : cut], whole[cut:]]
        case _:
            del made[place]
    return made


def flipped(hashed: bytes, bit: int) -> bytes:
    return (int.from_bytes(hashed) ^ 1 << bit).to_bytes(HASH_SIZE)
