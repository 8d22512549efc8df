"""A drill: a backup of a service at work, restored in another home, where the year goes on."""

import shutil
from pathlib import Path

import pytest

from adapters.files.keyring import key_from_text
from tests.e2e.program import beside, run

_OWN = (
    *("rehearsal.json", "authorities"),
    *("keys/rehearsal-tokens.json", "keys/rehearsal-authority.pem"),
)
"""What a rehearsal needs to go on besides the service's own data."""


@pytest.mark.timeout(900)  # two halves of a year and a restore
def test_a_backup_under_load_is_restored_elsewhere_and_the_year_goes_on(tmp_path: Path) -> None:
    first, second, to = tmp_path / "first", tmp_path / "second", tmp_path / "to"
    words = ("rehearse", "polytech", "--pairs", 1, "--json")
    with beside(first, *words) as playing:
        playing.await_line(r"документов [1-9]\d*, дел")
        made = run("backup", to, "--home", first, "--json")
        assert made.code == 0, made
        assert playing.process.poll() is None
        playing.kill_everything()
        master = first / "keys" / "master"
        raw = key_from_text(master.read_text())
        assert not [one for one in to.rglob("*") if one.is_file() and raw in one.read_bytes()]

        back = run("restore", to, "--home", second, "--master-key-file", master, "--json")

        assert back.code == 0, back.json.get("checked", back)
        assert back.json["checked"]["ok"]
        # What came after the copy of the database is copied too, and left out again.
        assert 0 < back.json["files"] <= made.json["files"]
        for name in _OWN:
            bring(first / name, second / name)
    ended = run(*words, "--home", second)
    assert ended.code == 0, ended
    assert ended.json["pairs"] == 1
    assert ended.json["rows_done"] == ended.json["rows_total"]
    assert run("check", "--all", "--home", second).code == 0


def bring(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    else:
        shutil.copy(source, target)
