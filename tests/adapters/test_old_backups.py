"""A backup that holds what an act has destroyed: the newest too goes within its days."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, text

from runtime.backups import BackupFolder, now
from runtime.doctor import Finding, examine
from runtime.settings import Settings, read_settings
from runtime.settings_parts import BackupSettings
from tests.adapters.old_papers import act_in_force, carry_out, due, wish
from tests.adapters.world import Database, World
from tests.law import KINDS
from tests.unit.test_backup_folder import made_at

DAYS = 30


def backups(settings: Settings) -> Finding:
    (found,) = [check for check in examine(settings).checks if check.id == "backup"]
    return found


def test_the_newest_backup_with_what_was_destroyed_is_a_failure_until_the_next_one_replaces_it(
    engine: Engine, owner_engine: Engine, database: Database, tmp_path: Path
) -> None:
    world = World.make(engine)
    cycle, documents = due(world)
    asked = wish(world, documents)
    world.desk.keep_destruction_list(asked, KINDS)
    act_in_force(world, cycle, asked.act_id, 1)
    assert carry_out(world, asked.act_id) == [(1, 0)]
    home = read_settings(home=tmp_path / "no")
    settings = replace(
        home,
        database=home.database.model_copy(update={"url": database.owner, "app_url": database.app}),
        temporal=home.temporal.model_copy(update={"address": "127.0.0.1:1"}),
        backup=BackupSettings(to=tmp_path / "to", days=DAYS),
    )
    folder = BackupFolder(tmp_path / "to")
    with folder.held():
        old = made_at(folder, now() - timedelta(days=DAYS + 20)).name

    def destroyed(days_ago: int) -> None:
        ago = text(
            "UPDATE destructions SET destroyed_at = clock_timestamp() - :ago WHERE act_id = :act"
        )
        with owner_engine.begin() as connection:
            connection.execute(ago, {"ago": timedelta(days=days_ago), "act": asked.act_id})

    # Its day has not come yet; and the newest stays, for there is no other.
    destroyed(DAYS - 1)
    assert backups(settings).state == "notice"
    destroyed(DAYS + 1)
    found = backups(settings)
    assert found.state == "failure"
    assert "давно уничтоженное: nastavnik backup" in found.text
    assert folder.expire(now(), DAYS) == []

    with folder.held():
        (made_at(folder, now()) / "files.jsonl").touch()
        assert folder.expire(now(), DAYS) == [old]

    assert backups(settings).state == "ok"
