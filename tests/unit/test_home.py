"""The home: held by one process, its keys made once and never anew."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from adapters.files.keyring import MasterKeys, new_master_key
from runtime.home import DATABASE_ROLES, Home, HomeInUse, HomeUnfit, KeysMissing
from runtime.settings import SecretSettings


def permissions(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_held_home_is_refused_to_another_with_the_number_of_its_holder(tmp_path: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path; from runtime.home import Home; "
        "Home(Path(sys.argv[1])).hold(); print(os.getpid(), flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        number = holder.stdout.readline().strip()
        home = Home(tmp_path)
        with pytest.raises(HomeInUse, match=f"{tmp_path} уже занят.*номер {number}") as caught:
            home.hold()
        assert caught.value.exit_code == 2
        assert home.is_held_by_another()
        holder.kill()
    with home:  # the kernel let go of it when its holder was killed
        assert home.is_held
        assert not home.is_held_by_another()


def test_a_released_home_can_be_held_again(tmp_path: Path) -> None:
    with Home(tmp_path):
        pass
    with Home(tmp_path) as home:
        assert home.is_held


def test_a_home_that_is_a_file_is_unfit(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(HomeUnfit, match=str(tmp_path / "file")):
        Home(tmp_path / "file").hold()


def test_keys_are_made_once_and_only_for_us(tmp_path: Path) -> None:
    with Home(tmp_path / "home") as home:
        first = home.keys
        passwords = {home.password(role).get_secret_value() for role in DATABASE_ROLES}
    with Home(tmp_path / "home") as home:
        assert home.keys == first
        assert {home.password(role).get_secret_value() for role in DATABASE_ROLES} == passwords
    assert len(passwords) == len(DATABASE_ROLES)
    assert first.master != first.payload
    MasterKeys.from_text(first.master.get_secret_value())
    MasterKeys.from_text(first.payload.get_secret_value())
    assert permissions(home.key_folder) == 0o700
    assert {permissions(file) for file in home.key_folder.iterdir()} == {0o600}


def test_a_key_of_the_settings_is_used_and_none_is_made(tmp_path: Path) -> None:
    given = SecretSettings(master_key=SecretStr(new_master_key()))
    with Home(tmp_path, given) as home:
        assert home.keys.master == given.master_key
        assert not (home.key_folder / "master").exists()
        assert (home.key_folder / "payload").exists()


def test_a_lost_key_is_not_made_anew(tmp_path: Path) -> None:
    with Home(tmp_path) as home:
        (home.key_folder / "master").unlink()
    with Home(tmp_path) as home, pytest.raises(KeysMissing, match="keys/master"):
        _ = home.keys


def test_data_without_any_keys_are_refused(tmp_path: Path) -> None:
    (tmp_path / "postgres" / "data").mkdir(parents=True)
    home = Home(tmp_path)
    with pytest.raises(KeysMissing, match="резервной копии"):
        home.hold()
    assert not home.is_held


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    with Home(tmp_path) as home:
        (home.key_folder / "master").chmod(0o640)
        with pytest.raises(KeysMissing, match="chmod 600"):
            _ = home.keys


def test_a_first_start_that_was_cut_short_while_making_keys_goes_on(tmp_path: Path) -> None:
    (tmp_path / ".keys.part").mkdir(parents=True)
    (tmp_path / ".keys.part" / "master").write_text("half")
    with Home(tmp_path) as home:
        MasterKeys.from_text(home.keys.master.get_secret_value())


def test_rights_of_a_folder_that_exists_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir(mode=0o750)
    with Home(tmp_path / "home"):
        assert permissions(tmp_path / "home") == 0o750


def test_a_record_cut_short_by_a_loss_of_power_is_no_record(tmp_path: Path) -> None:
    with Home(tmp_path) as home:
        home.remember("ports", {"postgres": 1})
        assert home.record("ports") == {"postgres": 1}
        (home.run / "ports.json").write_text('{"postgres":')
        assert home.record("ports") == {}


def test_a_home_is_a_rehearsal_only_once_it_was_marked(tmp_path: Path) -> None:
    with Home(tmp_path / "home") as home:
        assert not home.is_rehearsal
        home.mark_as_rehearsal()
        home.mark_as_rehearsal()
    assert Home(tmp_path / "home").is_rehearsal
    assert not Home(tmp_path / "home").has_data
    (tmp_path / "home" / "postgres" / "data").mkdir()
    assert Home(tmp_path / "home").has_data
