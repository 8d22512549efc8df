"""Backups as they lie in their folder, and what one that is damaged means for the others."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.files.keyring import MasterKeys, new_master_key
from runtime.backups import BackupDamaged, BackupFolder, Manifest, age_in_words, now
from runtime.doctor import examine
from runtime.settings import read_settings
from runtime.settings_parts import BackupSettings

KEYS = MasterKeys.from_text(new_master_key())
FIRST = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)


def made_at(folder: BackupFolder, at: datetime) -> Path:
    """A whole backup of that moment, with nothing in it."""
    manifest = Manifest(
        made_at=at,
        program="1.0",
        schema_revision="0001",
        master_key=KEYS.current_id,
        payload_key="",
        rehearsal=False,
        parts=(),
        files=0,
        bytes=0,
        copied=0,
    )
    return folder.finish(folder.begin(at), manifest, KEYS).folder


def three(folder: BackupFolder) -> list[Path]:
    """Whole backups of three nights, in order."""
    with folder.held():
        return [made_at(folder, FIRST + timedelta(days=night)) for night in range(3)]


@pytest.mark.parametrize("damaged", [0, 1])
def test_a_damaged_backup_keeps_no_other_from_being_restored(tmp_path: Path, damaged: int) -> None:
    folder = BackupFolder(tmp_path)
    made = three(folder)
    (made[damaged] / "manifest.json").write_text("{")
    assert folder.chosen(None).folder == made[2]
    assert folder.chosen(made[1 - damaged].name).folder == made[1 - damaged]
    with pytest.raises(BackupDamaged, match=made[damaged].name):
        folder.chosen(made[damaged].name)


def test_the_newest_backup_must_be_whole(tmp_path: Path) -> None:
    """It alone says what was destroyed last, so no older one comes back without it."""
    folder = BackupFolder(tmp_path)
    made = three(folder)
    (made[2] / "manifest.json").write_text("{")
    with pytest.raises(BackupDamaged, match=made[2].name):
        folder.chosen(None)


@pytest.mark.parametrize(
    ("age", "state"), [(timedelta(), "ok"), (timedelta(days=3), "notice"), (None, "failure")]
)
def test_the_doctor_tells_how_old_the_last_backup_is(
    tmp_path: Path, age: timedelta | None, state: str
) -> None:
    if age is not None:
        made_at(BackupFolder(tmp_path), now() - age)
    settings = replace(read_settings(home=tmp_path / "no"), backup=BackupSettings(to=tmp_path))
    (found,) = [check for check in examine(settings).checks if check.id == "backup"]
    assert found.state == state, found


def test_the_doctor_tells_in_russian_what_it_cannot_read(tmp_path: Path) -> None:
    (tmp_path / "to" / "2026-11-20T02-30-00Z" / "manifest.json").mkdir(parents=True)
    settings = replace(
        read_settings(home=tmp_path / "no"), backup=BackupSettings(to=tmp_path / "to")
    )
    (found,) = [check for check in examine(settings).checks if check.id == "backup"]
    assert found.state == "failure"
    assert found.text.endswith("это каталог, а нужен файл")


@pytest.mark.parametrize(("hours", "said"), [(0.5, "меньше часа"), (5, "5 ч"), (49, "2 дн.")])
def test_an_age_is_told_as_people_say_it(hours: float, said: str) -> None:
    assert age_in_words(timedelta(hours=hours)) == said
