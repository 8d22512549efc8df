"""Backups: what is in them and what is not, how they come about and go, and what comes back."""

import base64
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters.files.keyring import MasterKeys, key_from_text, new_master_key
from adapters.postgres.migrate import migrate
from runtime.addresses import inner_settings
from runtime.backup import Made, backup
from runtime.backups import (
    Backup,
    BackupBusy,
    BackupDamaged,
    BackupFolder,
    NoBackup,
    NotBackedUp,
    now,
    sha256_of,
)
from runtime.embedded import EmbeddedServers
from runtime.home import Home, HomeUnfit
from runtime.opening import KeyUnfit
from runtime.processes import wait_until
from runtime.recover import recover
from runtime.restore import NotEmpty, Restored, restore
from runtime.settings import SecretSettings, Settings, StoreSettings, read_settings
from runtime.wiring import assemble
from tests.e2e.kept_school import CONSENTS, ORGANISATION, PLANS, School
from tests.e2e.program import environment, run
from tests.e2e.servers import ROOT, servers, silent

PAIRS = 6


@dataclass
class Served:
    """A small service with papers at many stages, and its servers running."""

    settings: Settings
    school: School
    home: Home

    @property
    def master(self) -> SecretStr:
        return self.home.keys.master

    def backup(self, to: Path) -> Made:
        return backup(self.settings, self.school.parts, to, silent, embedded=True)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    path = tmp_path_factory.mktemp("served") / "home"
    settings = read_settings(home=path)
    with Home(path) as home, EmbeddedServers(home) as servers:
        addresses = servers.start(silent)
        migrate(addresses.database_owner_url)
        inner = inner_settings(settings, home, addresses)
        school = School.make(assemble(inner), PAIRS)
        cycle = school.with_pairs(
            school.cycle("first", "consents", "plan", "order", "meetings", "final"), PAIRS
        )
        for n in range(PAIRS):
            far = (CONSENTS[n], CONSENTS[-1]) if n < 2 else (PLANS[-n],)
            school.save(school.begun(school.pair(cycle, n, consented=n > 1), *far))
        school.save(cycle)
        assert recover(inner, school.parts, silent).ok
        yield Served(inner, school, home)
        school.parts.close()


def restored(to: Path, home: Path, master: SecretStr, at: str | None = None) -> Restored:
    return restore(read_settings(home=home), to, at, master, silent)


def everything_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())


def copies(folder: Path) -> list[str]:
    return [one.name for one in BackupFolder(folder).whole()]


# What is in a backup


def test_a_backup_has_everything_but_the_keys(served: Served, tmp_path: Path) -> None:
    made = served.backup(tmp_path)

    assert made.ok, made
    assert [part.name for part in made.parts] == [
        *("temporal.db", "database.dump"),
        *("files.jsonl", "destroyed.jsonl"),
    ]
    assert made.files == made.copied == len(served.school.parts.archive.objects()) > 5
    kept = everything_in(tmp_path)
    for secret in (served.home.keys.master, served.home.keys.payload):
        raw = key_from_text(secret.get_secret_value())
        for form in (raw, raw.hex().encode(), base64.b64encode(raw), base64.urlsafe_b64encode(raw)):
            assert form not in kept
    for role in ("nastavnik_owner", "nastavnik_app"):
        assert served.home.password(role).get_secret_value().encode() not in kept
    assert not [one for one in tmp_path.rglob("*") if one.stat().st_mode & 0o077 and one.is_file()]


def test_the_next_backup_copies_only_what_is_new(served: Served, tmp_path: Path) -> None:
    served.backup(tmp_path)
    wait_until(lambda: now() > BackupFolder(tmp_path).whole()[0].manifest.made_at, 2)
    second = served.backup(tmp_path)
    assert (second.ok, second.copied, len(copies(tmp_path))) == (True, 0, 2)


def test_files_that_are_missing_or_changed_are_named_and_the_rest_is_kept(
    served: Served, tmp_path: Path
) -> None:
    store = served.home.path / "files"
    first, second, *_ = sorted(store.glob("draft/*/1"))
    whole = first.read_bytes(), second.read_bytes()
    second.chmod(0o600)
    try:
        first.unlink()
        second.write_bytes(b"another")
        made = served.backup(tmp_path)
    finally:
        for file, content in zip((first, second), whole, strict=True):
            file.unlink(missing_ok=True)
            file.write_bytes(content)
            file.chmod(0o444)
    assert not made.ok
    assert len(made.problems) == 2
    assert "файла нет" in "".join(made.problems)
    assert "файл изменён" in "".join(made.problems)
    assert made.files == len(served.school.parts.archive.objects()) - 2


# How backups come about and go


def test_what_was_left_half_made_does_not_count_and_goes(served: Served, tmp_path: Path) -> None:
    half = tmp_path / "2026-01-01T00-00-00Z.part"
    half.mkdir()
    (half / "database.dump").write_bytes(b"half")
    part = tmp_path / "files" / "ab" / f"{'ab' * 32}.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"half")
    assert copies(tmp_path) == []
    with pytest.raises(NoBackup, match="такой копии нет"):
        BackupFolder(tmp_path).chosen(None)

    served.backup(tmp_path)

    assert not half.exists()
    assert not part.exists()
    assert len(copies(tmp_path)) == 1


def test_one_backup_at_a_time(served: Served, tmp_path: Path) -> None:
    with BackupFolder(tmp_path).held(), pytest.raises(BackupBusy, match="уже делается"):
        served.backup(tmp_path)


def test_old_backups_go_with_the_files_that_only_they_had(served: Served, tmp_path: Path) -> None:
    served.backup(tmp_path)
    (old,) = BackupFolder(tmp_path).whole()
    keys = MasterKeys.from_text(served.master.get_secret_value())
    folder = BackupFolder(tmp_path)
    aged = old.manifest.changed(made_at=now() - timedelta(days=31))
    half = folder.begin(aged.made_at)
    for file in old.folder.iterdir():
        shutil.copy(file, half)
    lonely = "cd" * 32
    folder.keep_file(lonely, b"of the old one only")
    line = json.dumps({"key": "draft/gone/1", "sha256": lonely})
    (half / "files.jsonl").write_text(f"{line}\n")
    aged_one = folder.finish(half, aged, keys)
    assert copies(tmp_path) == [aged_one.name, old.name]

    assert folder.expire(now(), 30) == [aged_one.name]

    assert copies(tmp_path) == [old.name]
    assert not folder.has_file(lonely)
    assert all(folder.has_file(file.sha256) for file in old.files())
    assert folder.expire(now() + timedelta(days=99), 30) == []  # better an old one than none


def test_a_place_that_cannot_be_written_leaves_no_backup(served: Served, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("no folder")
    with pytest.raises(NotBackedUp, match="Копия не сделана"):
        served.backup(file / "to")


def test_a_backup_that_runs_out_of_room_does_not_count(served: Served, tmp_path: Path) -> None:
    """As a full disk does, a limit of the size of files cuts the copy off."""
    to = tmp_path / "to"
    argv = [sys.executable, "-m", "runtime.cli", "backup", str(to), "--home"]
    ended = subprocess.run(
        ["prlimit", "--fsize=200000", *argv, str(served.home.path), "--json"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=environment(),
    )
    assert ended.returncode != 0
    told = json.loads(ended.stdout)
    assert told["ok"] is False
    assert "Traceback" not in ended.stderr
    assert copies(to) == []
    assert served.backup(to).ok


def test_a_killed_backup_does_not_count(served: Served, tmp_path: Path) -> None:
    to = tmp_path / "to"
    argv = [sys.executable, "-m", "runtime.cli", "backup", str(to), "--home"]
    with subprocess.Popen(
        [*argv, str(served.home.path)],
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment(),
    ) as command:
        assert command.stderr
        assert any("PostgreSQL…" in line for line in iter(command.stderr.readline, ""))
        command.kill()
    assert copies(to) == []
    assert len(list(to.glob("*.part"))) == 1
    assert served.backup(to).ok
    assert not list(to.glob("*.part"))


# What comes back


def test_a_backup_that_was_changed_is_not_restored(served: Served, tmp_path: Path) -> None:
    served.backup(tmp_path / "to")
    (one,) = BackupFolder(tmp_path / "to").whole()
    home = tmp_path / "new"
    manifest = one.folder / "manifest.json"
    said = manifest.read_text()
    manifest.write_text(said.replace(one.manifest.program, "9.9.9"))
    with pytest.raises(BackupDamaged, match="изменена"):
        restored(tmp_path / "to", home, served.master)
    manifest.write_text("{")
    with pytest.raises(BackupDamaged, match="повреждена"):
        restored(tmp_path / "to", home, served.master)
    manifest.write_text(said)
    dump = one.folder / "database.dump"
    dump.write_bytes(dump.read_bytes()[:-1])
    with pytest.raises(BackupDamaged, match=r"database\.dump"):
        restored(tmp_path / "to", home, served.master)
    assert not home.exists()


def test_another_master_key_is_refused_before_anything_is_written(
    served: Served, tmp_path: Path
) -> None:
    served.backup(tmp_path / "to")
    with pytest.raises(KeyUnfit, match="Ничего не записано"):
        restored(tmp_path / "to", tmp_path / "new", SecretStr(new_master_key()))
    settings = read_settings(home=tmp_path / "new")
    other = replace(settings, secret=SecretSettings(master_key=SecretStr(new_master_key())))
    with pytest.raises(KeyUnfit, match="Ничего не записано"):
        restore(other, tmp_path / "to", None, served.master, silent)
    assert not (tmp_path / "new").exists()


def test_a_home_with_data_is_refused(served: Served, tmp_path: Path) -> None:
    served.backup(tmp_path / "to")
    kept = tmp_path / "new" / "files" / "sealed" / "ab"
    kept.mkdir(parents=True)
    (kept / "file").write_text("kept")
    with pytest.raises(NotEmpty, match="уже есть данные"):
        restored(tmp_path / "to", tmp_path / "new", served.master)


def test_a_restore_that_was_cut_off_is_begun_again_and_destroyed_papers_stay_destroyed(
    served: Served, tmp_path: Path
) -> None:
    to, home = tmp_path / "to", tmp_path / "new"
    first = served.backup(to)
    (older,) = BackupFolder(to).whole()
    gone = next(
        one.document_id for one in served.school.parts.archive.objects() if one.role == "signed"
    )
    newer = with_destroyed(to, older, gone, served)
    assert copies(to) == [older.name, newer.name]
    cut = Home(home)
    cut.hold(restored={"master": "of another try", "payload": "of another try"})
    (cut.temporal / "temporal.db").write_bytes(b"half")
    cut.release()
    with pytest.raises(HomeUnfit, match="не закончено"):
        Home(home).hold()
    foreign = tmp_path / "store" / "draft" / "another" / "1"
    foreign.parent.mkdir(parents=True)
    foreign.write_bytes(b"of somebody else")
    store = StoreSettings(path=tmp_path / "store")
    settings = replace(read_settings(home=home), store=store)

    found = restore(settings, to, older.name, served.master, silent)

    assert foreign.exists()

    assert found.destroyed > 0
    assert found.recovered.ok
    assert (found.files, found.dropped, found.problems) == (first.files, 0, ())
    assert (found.ok, found.checked.ok) == (True, True), found
    (files,) = (one for one in found.checked.invariants if one.id == "I4")
    (told,) = files.notices
    assert told.startswith(f"document/{gone}: уничтожен при восстановлении")
    with Home(home) as again:
        assert again.keys.master == served.master


def with_destroyed(to: Path, one: Backup, document: str, served: Served) -> Backup:
    """A later backup of the same data, by which time an act had destroyed a document."""
    folder = BackupFolder(to)
    half = folder.begin(one.manifest.made_at + timedelta(seconds=1))
    for file in one.folder.iterdir():
        shutil.copy(file, half)
    of = {"organisation_id": ORGANISATION, "document_id": document}
    said = {**of, "act_id": "act", "at": now().isoformat()}
    list_of = half / "destroyed.jsonl"
    list_of.chmod(0o600)
    list_of.write_text(f"{json.dumps(said)}\n")
    parts = tuple(
        part.changed(sha256=sha256_of(half / part.name), size=(half / part.name).stat().st_size)
        for part in one.manifest.parts
    )
    manifest = one.manifest.changed(
        parts=parts, made_at=one.manifest.made_at + timedelta(seconds=1)
    )
    keys = MasterKeys.from_text(served.master.get_secret_value())
    return folder.finish(half, manifest, keys)


def test_the_command_asks_for_the_key_and_for_the_place(tmp_path: Path) -> None:
    ended = run("restore", tmp_path, "--home", tmp_path / "new", "--json")
    assert (ended.code, ended.json["error"]) == (2, "WrongCall")
    assert "главный ключ" in ended.err
    ended = run("backup", "--home", tmp_path / "new", "--json")
    assert ended.code == 2
    assert "NASTAVNIK_BACKUP_TO" in ended.err


def test_named_servers_are_copied_and_restored_without_temporals_data(
    served: Served, tmp_path: Path
) -> None:
    to, home = tmp_path / "to", tmp_path / "home"
    served.backup(to)
    with servers(tmp_path / "servers") as named:
        own = {
            "NASTAVNIK_DATABASE_URL": named.owner,
            "NASTAVNIK_DATABASE_APP_URL": named.app,
            "NASTAVNIK_TEMPORAL_ADDRESS": named.temporal,
            "NASTAVNIK_MASTER_KEY": served.master.get_secret_value(),
        }
        ended = run("restore", to, "--home", home, "--json", **own)
        assert ended.code == 2, ended
        assert "NASTAVNIK_PAYLOAD_KEY" in ended.err
        own |= {"NASTAVNIK_PAYLOAD_KEY": new_master_key()}

        back = run("restore", to, "--home", home, "--json", **own)

        assert back.code == 0, back
        assert back.json["checked"]["ok"]
        assert back.json["recovered"]["started"] > PAIRS
        again = run("restore", to, "--home", home, "--json", **own)
        assert (again.code, again.json["error"]) == (2, "NotEmpty")
        made = run("backup", tmp_path / "second", "--home", home, "--json", **own)
        assert made.code == 0, made
        assert made.json["parts"][0]["name"] == "database.dump"
        assert made.json["files"] == back.json["files"]
