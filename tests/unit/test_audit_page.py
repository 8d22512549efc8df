"""What `docs/audit.md` tells an auditor to type works as it stands there."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from domain.merkle import leaf_hash
from tests.fakes.log import TREE, signed

PAGE = (Path(__file__).parents[2] / "docs" / "audit.md").read_text("utf-8")
SHELL = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
(PYTHON,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
SIGNED = signed("5f3ac81e0b7d42f6")
SEQ = 7

pytestmark = pytest.mark.skipif(
    shutil.which("openssl") is None and not os.environ.get("CI"), reason="no openssl here"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    proof = [one.hex() for one in TREE.inclusion(SEQ - 1, SIGNED.checkpoint.size)]
    (tmp_path / "checkpoint.txt").write_text(SIGNED.text, "utf-8")
    (tmp_path / "key.txt").write_text(f"{SIGNED.key}\n")
    (tmp_path / "entry.json").write_bytes(b"entry 6")
    (tmp_path / "proof.json").write_text(json.dumps({"seq": SEQ, "proof": proof}))
    (tmp_path / "included.py").write_text(PYTHON)
    return tmp_path


def typed(folder: Path, lines: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-c", lines], cwd=folder, capture_output=True, text=True, check=False
    )


def included(folder: Path) -> str:
    line = [sys.executable, "included.py", "entry.json", "proof.json", "checkpoint.txt"]
    return subprocess.run(line, cwd=folder, capture_output=True, text=True, check=True).stdout


def test_the_checkpoint_and_the_key_on_the_page_are_real() -> None:
    assert f"```\n{SIGNED.text}```" in PAGE
    assert f"```\n{SIGNED.key}\n```" in PAGE


def test_openssl_verifies_the_checkpoint(folder: Path) -> None:
    assert "Verified Successfully" in typed(folder, SHELL[0]).stdout
    note = folder / "checkpoint.txt"
    note.write_text(note.read_text("utf-8").replace("\n12\n", "\n13\n"), "utf-8")
    assert typed(folder, SHELL[0]).returncode == 1


def test_sha256sum_gives_the_leaf_and_the_root_is_shown(folder: Path) -> None:
    said = typed(folder, SHELL[1]).stdout
    assert said.startswith(leaf_hash(b"entry 6").hex())
    assert said.endswith(SIGNED.checkpoint.root)


def test_the_page_s_program_checks_an_entry(folder: Path) -> None:
    assert included(folder) == "included\n"
    (folder / "entry.json").write_bytes(b"another")
    assert included(folder) == "NOT included\n"
