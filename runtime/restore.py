"""`restore`: a service from a backup, on an empty machine, with the master key from elsewhere."""

import base64
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from adapters.files.keyring import MasterKeys, key_from_text
from adapters.postgres.archive import KnownObject
from domain.base import Value
from domain.errors import BytesChanged, WrongKey
from runtime.addresses import external_addresses, inner_settings, settings_over
from runtime.backups import DATABASE, DESTROYED, TEMPORAL, Backup, BackupFolder
from runtime.checks import Report, check_all
from runtime.embedded import EmbeddedServers, Progress
from runtime.embedded_temporal import TemporalServer
from runtime.home import Home
from runtime.opening import KeyUnfit
from runtime.postgres_dump import is_empty, load
from runtime.prepare import prepare
from runtime.processes import end_leftover
from runtime.recover import Recovered, recover
from runtime.schema import open_database
from runtime.settings import SecretSettings, Settings, WrongCall
from runtime.wiring import Parts, assemble, prepare_files

_AT_ONCE: Final = 8
_SHOWN: Final = 20


class NotEmpty(WrongCall):
    """There is data where the backup should go."""


class Restored(Value):
    """What came back; `ok` if all of it is as it must be."""

    ok: bool
    backup: str
    made_at: datetime
    files: int
    dropped: int  # files of the backup that no row knows
    destroyed: int  # keys that had been destroyed since, and were again
    recovered: Recovered
    checked: Report
    problems: tuple[str, ...]


def restore(
    settings: Settings, source: Path, at: str | None, master: SecretStr, say: Progress
) -> Restored:
    """Bring a backup back into the home of the settings, or into the empty servers they name.

    Before anything is written raises `NoBackup`, `BackupDamaged`, `KeyUnfit` or `NotEmpty`. What
    was cut off may be begun again.
    """
    folder = BackupFolder(source)
    chosen, newest = folder.chosen(at), folder.chosen(None)
    payload = _payload_key(chosen, master)
    if settings.secret.master_key is not None:  # the one that will be used from now on
        _payload_key(chosen, settings.secret.master_key)
    for one in {chosen.name: chosen, newest.name: newest}.values():
        one.check(MasterKeys.from_text(master.get_secret_value()))
    say(f"Копия {chosen.name}: проверяю…")
    chosen.check_parts()
    newest.check_part(DESTROYED)
    place = _into_servers if settings.names_servers() else _into_home
    with place(settings, chosen, master, payload, say) as (inner, parts):
        return _with_rows(inner, parts, folder, chosen, newest, say)


def _payload_key(chosen: Backup, master: SecretStr) -> str:
    """The payload key as text. Raises `KeyUnfit` if the master key is another one."""
    try:
        keys = MasterKeys.from_text(master.get_secret_value())
        found = keys.unwrap(bytes.fromhex(chosen.manifest.payload_key))
    except (WrongKey, BytesChanged, ValueError):
        raise KeyUnfit(
            f"Главный ключ не подходит к копии {chosen.name}: она сделана с ключом "
            f"{chosen.manifest.master_key}. Ничего не записано."
        ) from None
    return base64.b64encode(found).decode()


@contextmanager
def _into_home(
    settings: Settings, chosen: Backup, master: SecretStr, payload: str, say: Progress
) -> Iterator[tuple[Settings, Parts]]:
    home = Home(settings.home.home, settings.secret)
    _check_empty(home, settings)
    own = settings.secret
    if own.payload_key and key_from_text(own.payload_key.get_secret_value()) != key_from_text(
        payload
    ):
        raise KeyUnfit("NASTAVNIK_PAYLOAD_KEY — не тот ключ, что в копии; уберите его.")
    brought = {} if own.payload_key else {"payload": payload}
    if own.master_key is None:
        brought["master"] = master.get_secret_value()
    home.hold(restored=brought)
    try:
        if chosen.manifest.rehearsal:
            home.mark_as_rehearsal()
        settings = settings_over(settings, home)
        if chosen.manifest.part(TEMPORAL):
            target = TemporalServer(home, settings.temporal.namespace).file
            shutil.copyfile(chosen.folder / TEMPORAL, target)
            target.chmod(0o600)
        with EmbeddedServers(home, settings.temporal.namespace) as servers:
            addresses = servers.start(say)
            say("База данных: восстанавливаю…")
            load(addresses.database_owner_url, chosen.folder / DATABASE)
            inner = inner_settings(settings, home, addresses)
            open_database(addresses.database_owner_url, inner.secret.master_key)
            prepare_files(inner)
            with closing(assemble(inner)) as parts:
                yield inner, parts
            home.restore_finished()
    finally:
        home.release()


def _check_empty(home: Home, settings: Settings) -> None:
    """Raises `NotEmpty`; what an earlier restore left half made here goes."""
    kept = (home.postgres, home.temporal, home.key_folder, settings.files)
    if home.is_half_restored:
        if home.is_held_by_another():
            raise NotEmpty(f"В {home.path} восстановление уже идёт.")
        for name in ("postgres", "initdb", "temporal"):
            end_leftover(home, name)
        for folder in kept:
            # A store elsewhere may hold more than an earlier restore has put there, if another one
            # was named then. What it did put there is what is brought again.
            if folder.is_relative_to(home.path):
                shutil.rmtree(folder, ignore_errors=True)
        return
    for folder in kept:
        if folder.is_dir() and any(one for one in folder.rglob("*") if one.is_file()):
            raise NotEmpty(
                f"В {folder} уже есть данные. Восстановите в пустой каталог: --home КАТАЛОГ."
            )


@contextmanager
def _into_servers(
    settings: Settings, chosen: Backup, master: SecretStr, payload: str, say: Progress
) -> Iterator[tuple[Settings, Parts]]:
    """Temporal's own data is not brought back there: all workflows are begun from their saves, and
    what encrypts them is the key of those who serve there.
    """
    del payload
    own = settings.secret.payload_key
    if own is None:
        raise WrongCall("Внешним серверам нужен NASTAVNIK_PAYLOAD_KEY: свой, можно новый.")
    inner = replace(settings, secret=SecretSettings(master_key=master, payload_key=own))
    url = external_addresses(inner).database_owner_url
    if not is_empty(url):
        raise NotEmpty("База в NASTAVNIK_DATABASE_URL не пуста; восстановите в пустую.")
    say("База данных: восстанавливаю…")
    load(url, chosen.folder / DATABASE)
    prepare(inner, say)
    with closing(assemble(inner)) as parts:
        yield inner, parts


def _with_rows(
    settings: Settings,
    parts: Parts,
    folder: BackupFolder,
    chosen: Backup,
    newest: Backup,
    say: Progress,
) -> Restored:
    destroyed = parts.recovery.destroy_again(tuple(newest.destroyed()))
    parts.holds.forget()
    objects = parts.archive.objects()
    say(f"Файлы: восстанавливаю {len(objects)}…")
    problems = _bring_files(parts, folder, objects)
    known = {one.key for one in objects}
    say("Процессы: поднимаю…")
    recovered = recover(settings, parts, say)
    say("Проверяю всё…")
    checked = check_all(settings, parts)
    return Restored(
        ok=recovered.ok and checked.ok and not problems,
        backup=chosen.name,
        made_at=chosen.manifest.made_at,
        files=len(objects) - len(problems),
        dropped=sum(file.key not in known for file in chosen.files()),
        destroyed=destroyed,
        recovered=recovered,
        checked=checked,
        problems=tuple(problems[:_SHOWN]),
    )


def _bring_files(parts: Parts, folder: BackupFolder, objects: tuple[KnownObject, ...]) -> list[str]:
    """Put the objects of all rows into the store; what could not be."""

    def bring(one: KnownObject) -> str | None:
        stored = folder.file(one.stored_sha256)
        if stored is None:
            return None if one.destroyed else f"{one.key}: в копии нет файла или он изменён"
        return None if parts.files.bring_back(one.key, stored) else f"{one.key}: занято другим"

    with ThreadPoolExecutor(_AT_ONCE) as hands:
        return [problem for problem in hands.map(bring, objects) if problem]
