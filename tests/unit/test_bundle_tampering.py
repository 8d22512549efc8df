"""Chance tampers with bundles, and each time what it changed is named; it never cries wolf."""

import json
import random
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from domain.audit import AuditEvent, canonical
from runtime.bundle import CHECKPOINT, CONSISTENCY, MANIFEST, PROOFS, SIGNED, SUMS
from runtime.bundle_check import check_bundle
from runtime.check_page.build import PAGE
from tests.bundle_builders import (
    NOON,
    ALog,
    a_random_cycle,
    edit_lines,
    files_in,
    key_text,
    resum,
    texts_of,
    unpacked,
)

CHANGES, INTACT, FORGED = 400, 1_000, 2_000
Touched = set[str]
"""What a change was made to: a problem must say one of these."""
Change = Callable[[random.Random, Path], Touched]


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Intact bundles, unpacked."""
    top, chance = tmp_path_factory.mktemp("intact"), random.Random(7)
    return [
        unpacked(a_random_cycle(chance).written(top / f"{number}.zip"), top / str(number))
        for number in range(12)
    ]


def another(chance: random.Random, content: bytes) -> bytes:
    """The same with one byte changed; something, if there is nothing to change."""
    if not content:
        return b"x"
    changed = bytearray(content)
    changed[chance.randrange(len(content))] ^= chance.randrange(1, 256)
    return bytes(changed)


def a_name(chance: random.Random, folder: Path, start: str = "") -> str:
    return chance.choice([name for name in files_in(folder) if name.startswith(start)])


def recompute(chance: random.Random, folder: Path, touched: Touched) -> Touched:
    """A forger makes the sums agree, mostly the page too."""
    if not touched & {SUMS, PAGE}:
        resum(folder, page=chance.random() < 0.7)
    return touched


def flip(chance: random.Random, folder: Path) -> Touched:
    name = a_name(chance, folder)
    (folder / name).write_bytes(another(chance, (folder / name).read_bytes()))
    return {name}


def flip_and_recompute(chance: random.Random, folder: Path) -> Touched:
    touched = flip(chance, folder)
    if touched & {MANIFEST}:  # a page is made for the subject that it names
        resum(folder)
        return touched
    return recompute(chance, folder, touched)


def remove(chance: random.Random, folder: Path) -> Touched:
    name = a_name(chance, folder)
    while name == SUMS:  # without it it is no bundle
        name = a_name(chance, folder)
    (folder / name).unlink()
    return {name}


def add(chance: random.Random, folder: Path) -> Touched:
    name = f"{chance.choice(['files/', 'log/', ''])}{chance.randrange(10**9):09d}.json"
    (folder / name).write_bytes((folder / a_name(chance, folder, "log/0")).read_bytes())
    return recompute(chance, folder, {name}) if chance.random() < 0.5 else {name}


def swap(chance: random.Random, folder: Path) -> Touched:
    start = chance.choice(["files/", "log/0"])
    one, two = a_name(chance, folder, start), a_name(chance, folder, start)
    while (folder / one).read_bytes() == (folder / two).read_bytes():
        one, two = a_name(chance, folder, ""), a_name(chance, folder, start)
    contents = (folder / one).read_bytes(), (folder / two).read_bytes()
    (folder / two).write_bytes(contents[0])
    (folder / one).write_bytes(contents[1])
    touched = {one, two}
    if MANIFEST in touched or chance.random() < 0.5:
        return touched
    return recompute(chance, folder, touched)


def rename(chance: random.Random, folder: Path) -> Touched:
    name = a_name(chance, folder, chance.choice(["files/", "log/0"]))
    (folder / name).rename(folder / f"{name}.old")
    return recompute(chance, folder, {name}) if chance.random() < 0.5 else {name}


def edit_the_manifest(chance: random.Random, folder: Path) -> Touched:
    described = json.loads((folder / MANIFEST).read_text("utf-8"))
    one: dict[str, Any] = chance.choice(described["files"])
    document, field = one["document"], chance.choice(list(one))
    others: Mapping[str, object] = {"version": 9, "destroyed": {"act": "a9"}, "day": "2025-01-31"}
    one[field] = others.get(field, "0" * 64)
    (folder / MANIFEST).write_text(json.dumps(described), "utf-8")
    return recompute(chance, folder, {MANIFEST, document})


def edit_an_entry(chance: random.Random, folder: Path) -> Touched:
    name = a_name(chance, folder, "log/0")
    event = AuditEvent.model_validate_json((folder / name).read_bytes())
    fields: dict[str, object] = {"actor": "somebody", "action": "withdrawn", "n": event.n + 1}
    field = chance.choice(list(fields))
    changed = event.changed(**{field: fields[field]})
    (folder / name).write_text(canonical(changed), "utf-8")
    return recompute(chance, folder, {name})


def replace_an_entry(chance: random.Random, folder: Path) -> Touched:
    """By a whole one of the same log, or of another."""
    name, source = a_name(chance, folder, "log/0"), a_name(chance, folder, "log/0")
    body = (folder / source).read_bytes() if source != name else canonical(INVENTED).encode()
    (folder / name).write_bytes(body)
    return recompute(chance, folder, {name})


def lose_an_entry_with_its_proof(chance: random.Random, folder: Path) -> Touched:
    name = a_name(chance, folder, "log/0")
    seq = int(Path(name).stem)
    (folder / name).unlink()
    edit_lines(folder / PROOFS, lambda lines: lines.pop(seq - 1))
    return recompute(chance, folder, {name, PROOFS})


def mutate_a_proof(chance: random.Random, folder: Path) -> Touched:
    name = chance.choice([PROOFS, CONSISTENCY])
    edit_lines(folder / name, lambda lines: forge(chance, chance.choice(lines)))
    return recompute(chance, folder, {name})


def edit_the_checkpoint(chance: random.Random, folder: Path) -> Touched:
    lines = (folder / CHECKPOINT).read_text("utf-8").split("\n")
    place = chance.randrange(4)
    lines[place] = chance.choice([lines[place] + "0", "1", lines[place][::-1], ""])
    (folder / CHECKPOINT).write_text("\n".join(lines), "utf-8")
    return recompute(chance, folder, {CHECKPOINT})


def take_another_s_signature(chance: random.Random, folder: Path) -> Touched:
    """Of the manifest, or of the checkpoint: signed by the same key, for another bundle."""
    other = ALog(["{}"] * 3)
    name = chance.choice([SIGNED, CHECKPOINT])
    (folder / name).write_text(other.signed().text, "utf-8")
    return recompute(chance, folder, {name, PROOFS})


INVENTED = AuditEvent(subject="pair/p1", n=1, action="stopped", actor="somebody", at=NOON)
ALL: list[Change] = [
    *(flip, flip_and_recompute, remove, add, swap, rename),
    *(edit_the_manifest, edit_an_entry, replace_an_entry, lose_an_entry_with_its_proof),
    *(mutate_a_proof, edit_the_checkpoint, take_another_s_signature),
]


def forge(chance: random.Random, line: dict[str, Any]) -> None:
    """Change a line with a proof, anyhow."""
    before, proof = json.dumps(line), line["proof"]
    while json.dumps(line) == before:
        place = chance.randrange(max(1, len(proof)))
        match chance.randrange(7):
            case 0 if proof:
                proof[place] = another(chance, bytes.fromhex(proof[place])).hex()
            case 1 if proof:
                proof.pop(place)
            case 2:
                proof.insert(place, chance.randbytes(32).hex())
            case 3 if proof:
                proof.append(proof[place])
            case 4:
                proof.reverse()
            case 5 if proof:
                proof[place] = "" if chance.random() < 0.5 else proof[place][:-2]
            case _:
                chance.shuffle(proof)


def test_every_change_by_chance_is_found_and_named(folders: list[Path], tmp_path: Path) -> None:
    chance, told = random.Random(20_241_122), dict.fromkeys((one.__name__ for one in ALL), 0)
    for number in range(CHANGES):
        folder = tmp_path / "changed"
        shutil.copytree(chance.choice(folders), folder)
        change = ALL[number % len(ALL)]
        touched = change(chance, folder)
        found = check_bundle(folder)
        named = [one for one in found.problems if any(name in one for name in touched)]
        assert not found.ok, (number, change.__name__, touched)
        assert named, (number, change.__name__, touched, found.problems)
        told[change.__name__] += 1
        shutil.rmtree(folder)
    assert min(told.values()) >= CHANGES // len(ALL)


def test_no_forged_proof_is_believed(tmp_path: Path) -> None:
    chance = random.Random(9162)
    cycle = a_random_cycle(chance)
    for _ in range(100 - len(cycle.events)):
        cycle.happened("pair/p2", "meeting_recorded")
    log = ALog(texts_of(cycle.events), kept=range(1, 100))
    folder = unpacked(cycle.written(tmp_path / "b.zip", log=log), tmp_path / "b")
    intact = {name: (folder / name).read_bytes() for name in (PROOFS, CONSISTENCY)}
    forged = 0

    def forge_all(lines: list[dict[str, Any]]) -> None:
        for line in lines:
            forge(chance, line)

    while forged < FORGED:
        for name, content in intact.items():
            (folder / name).write_bytes(content)
            edit_lines(folder / name, forge_all)
        problems = check_bundle(folder).problems
        for place in range(1, 100):
            for name in intact:
                # `in`, for an entry is named first, and then the line of its proof.
                said = f"{name}, строка {place}"
                assert any(said in one for one in problems), (said, problems)
                forged += 1


def test_an_intact_bundle_is_never_called_anything_else(tmp_path: Path) -> None:
    chance, known = random.Random(1_000), key_text()
    for number in range(INTACT):
        cycle, out = a_random_cycle(chance), tmp_path / "intact.zip"
        log = ALog(texts_of(cycle.events), kept=range(1, len(cycle.events)))
        cycle.written(out, log=log)
        earlier = log.signed(chance.randint(1, len(cycle.events))).text.encode()
        for given in ((), (known,), (known, earlier)):
            assert check_bundle(out, *given).problems == (), number
