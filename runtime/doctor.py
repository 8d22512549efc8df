"""`doctor`: whether what the service stands on is well, in one screen."""

import asyncio
import shutil
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from temporalio.client import Client
from temporalio.service import RPCError

from adapters.pdf.libreoffice import stand_in
from adapters.postgres.recovery import PostgresRecovery
from adapters.postgres.session import engine_for
from adapters.postgres.verification_views import Night, night
from adapters.signatures.certificates import read_authorities
from adapters.signatures.gost import GostOpenSsl, GostUnavailable
from domain.base import Value
from domain.canary import WriteOnce
from domain.errors import BadAuthorities, CopyUnavailable
from runtime.addresses import inner_settings, running_addresses
from runtime.backups import BackupFolder, age_in_words, now
from runtime.home import Home
from runtime.output import in_russian
from runtime.settings import Settings, WrongCall
from runtime.wiring import antivirus, check_roadmaps, libreoffice, open_files

LEAST_FREE = 1024**3
"""Bytes below which the disk is called full."""
GREATEST_SKEW = 60.0
"""Seconds by which the clocks of this machine and of the database may differ."""
TEMPORAL_PATIENCE = 10
_GREATEST_AGE = timedelta(days=1)
"""Of the last backup, before somebody should look why there is none."""
LONGEST_WITHOUT_NIGHT = timedelta(days=3)
"""A server that is off for a weekend is well."""

_FONT = "Times New Roman"
_SAME_WIDTHS = (_FONT, "Liberation Serif", "Tinos")

State = Literal["ok", "notice", "failure"]
_STORE_STATES: Mapping[WriteOnce, State] = {
    WriteOnce.PREVENTED: "ok",
    WriteOnce.DETECTED: "notice",
    WriteOnce.FAILED: "failure",
}


class Finding(Value):
    """One thing that was looked at."""

    id: str
    title: str
    state: State
    text: str


class Health(Value):
    """All findings; `ok` without failures. A notice is no failure."""

    ok: bool
    checks: tuple[Finding, ...]


def examine(settings: Settings) -> Health:
    """Look at everything; a service that does not run is a failure, not an error."""
    home = Home(settings.home.home, settings.secret)
    inner = settings
    if not settings.names_servers():
        addresses = running_addresses(home)
        inner = inner_settings(settings, home, addresses) if addresses else settings
    checks = (
        _guarded("keys", "ключи", lambda: _keys(home)),
        _guarded("roadmaps", "дорожные карты", lambda: check_roadmaps(settings.home.roadmaps)),
        *_database(inner),
        _temporal(inner),
        _store(inner),
        _disk(inner),
        _backups(inner),
        _copies(settings),
        _viruses(settings),
        _authorities(settings),
        _gost(),
    )
    return Health(ok=all(one.state != "failure" for one in checks), checks=checks)


def _guarded(id_: str, title: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(id=id_, title=title, state="ok", text=look())
    except (WrongCall, OSError) as error:
        return Finding(id=id_, title=title, state="failure", text=_told(error))


def _told(error: WrongCall | OSError) -> str:
    return in_russian(error) if isinstance(error, OSError) else str(error)


def _keys(home: Home) -> str:
    keys = home.keys
    del keys
    return f"на месте, доступны только нам ({home.key_folder}); храните их копию отдельно"


def _database(settings: Settings) -> tuple[Finding, ...]:
    url = settings.database.app_url
    if url is None:
        return (_stopped("database", "база данных"),)
    engine = create_engine(url.get_secret_value(), hide_parameters=True)
    try:
        with engine.connect() as connection:
            version, theirs = connection.execute(
                text("SELECT current_setting('server_version'), clock_timestamp()")
            ).one()
            last = night(connection)
    except SQLAlchemyError:
        return (Finding(id="database", title="база данных", state="failure", text="не отвечает"),)
    finally:
        engine.dispose()
    skew = abs((datetime.now(UTC) - theirs).total_seconds())
    return (
        Finding(id="database", title="база данных", state="ok", text=f"PostgreSQL {version}"),
        Finding(
            id="clock",
            title="часы",
            state="ok" if skew < GREATEST_SKEW else "failure",
            text=f"расходятся с базой на {skew:.0f} с",
        ),
        _verification(last, theirs),
    )


def _verification(last: Night, now: datetime) -> Finding:
    """Whether what is stored is looked at each night, and was found as it was kept."""

    def found(state: State, text_: str) -> Finding:
        return Finding(id="verification", title="сохранность файлов", state=state, text=text_)

    if last.incidents_open:
        return found(
            "failure", f"открытых происшествий: {last.incidents_open} (страница /incidents)"
        )
    if last.finished_at is None:
        return found("notice", "файлы ещё не проверялись: это делается каждую ночь")
    ago = now - last.finished_at
    if ago > LONGEST_WITHOUT_NIGHT:
        return found(
            "failure", f"файлы не проверялись уже {ago.days} сут.: работает ли исполнитель?"
        )
    return found("ok", f"файлы проверены {last.finished_at:%d.%m.%Y %H:%M} UTC, все целы")


def _temporal(settings: Settings) -> Finding:
    address = settings.temporal.address
    if address is None:
        return _stopped("temporal", "Temporal")

    async def ask() -> bool:
        async with asyncio.timeout(TEMPORAL_PATIENCE):
            client = await Client.connect(address, namespace=settings.temporal.namespace)
            return await client.service_client.check_health()

    began = time.monotonic()
    try:
        well = asyncio.run(ask())
    except (RuntimeError, RPCError, TimeoutError):
        well = False
    text_ = f"отвечает за {(time.monotonic() - began) * 1000:.0f} мс" if well else "не отвечает"
    return Finding(id="temporal", title="Temporal", state="ok" if well else "failure", text=text_)


def _store(settings: Settings) -> Finding:
    def found(state: State, text_: str) -> Finding:
        return Finding(id="store", title="хранилище", state=state, text=text_)

    bucket = settings.store.endpoint and f"{settings.store.endpoint}/{settings.store.bucket}"
    if not bucket and not settings.files.exists():
        return found("failure", f"нет каталога {settings.files}")
    try:
        files = open_files(settings)
        files.check_ready()
        canary = files.canary()
    except OSError as error:
        place = bucket or settings.files
        return found("failure", f"{place}: сейчас не пишет ({error.strerror or error})")
    where = f"бакет {bucket}" if bucket else f"каталог {settings.files}"
    return found(_STORE_STATES[canary.write_once], f"{where}: {canary.text}")


def _disk(settings: Settings) -> Finding:
    place = settings.home.home
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    return Finding(
        id="disk",
        title="диск",
        state="ok" if free > LEAST_FREE else "failure",
        text=f"свободно {free / 1024**3:.1f} ГиБ",
    )


def _backups(settings: Settings) -> Finding:
    """Old ones may lack what matters, or hold what was destroyed and should be gone by now."""

    def found(state: State, text_: str) -> Finding:
        return Finding(id="backup", title="резервные копии", state=state, text=text_)

    folder = settings.backup.to
    if folder is None:
        return found("notice", "каталог не задан (NASTAVNIK_BACKUP_TO): возраст копий неизвестен")
    try:
        whole = BackupFolder(folder).whole()
    except (WrongCall, OSError) as error:
        return found("failure", _told(error))
    if not whole:
        return found("failure", f"{folder}: ни одной копии")
    newest, age = whole[-1].manifest, now() - whole[-1].manifest.made_at
    told = f"{folder}: копий {len(whole)}, последняя сделана {age_in_words(age)} назад"
    if _holds_destroyed(settings, whole[0].manifest.made_at):
        return found("failure", f"{told}; в старых есть давно уничтоженное: nastavnik backup")
    if newest.problems:
        return found("failure", f"{told}; не вошло: {newest.problems[0]}")
    return found("ok" if age <= _GREATEST_AGE else "notice", told)


def _holds_destroyed(settings: Settings, oldest: datetime) -> bool:
    """Whether a backup has longer than it may what an act has destroyed since."""
    url = settings.database.app_url
    if url is None:
        return False
    engine = engine_for(url)
    try:
        latest = now() - timedelta(days=settings.backup.days)
        gone = PostgresRecovery(engine).destroyed()
        return any(oldest < one.at < latest for one in gone)
    except SQLAlchemyError:
        return False  # the line about the database says it
    finally:
        engine.dispose()


def _copies(settings: Settings) -> Finding:
    """Without LibreOffice everything else works; with other fonts a copy has other pages."""

    def found(state: State, text_: str) -> Finding:
        return Finding(id="pdf", title="копии PDF", state=state, text=text_)

    try:
        version = libreoffice(settings).version()
    except CopyUnavailable as error:
        return found("notice", f"не делаются, остальное работает: {error}")
    font = stand_in(_FONT)
    if font not in _SAME_WIDTHS:
        return found("notice", f"{version}; нет шрифта с ширинами {_FONT}: строки лягут иначе")
    instead = "" if font == _FONT else f"; вместо {_FONT} — {font} той же ширины"
    return found("ok", f"{version}{instead}")


def _viruses(settings: Settings) -> Finding:
    """Without ClamAV files are taken, and shown as not checked."""

    def found(state: State, text_: str) -> Finding:
        return Finding(id="antivirus", title="антивирус", state=state, text=text_)

    daemon = antivirus(settings)
    if daemon is None:
        return found("notice", "не настроен: файлы принимаются с пометкой «не проверено»")
    version = daemon.version()
    return found("ok", version) if version else found("failure", "ClamAV не отвечает")


def _authorities(settings: Settings) -> Finding:
    """Without them nobody's electronic signature is trusted; scans are taken all the same."""

    def found(state: State, text_: str) -> Finding:
        return Finding(id="authorities", title="удостоверяющие центры", state=state, text=text_)

    folder = settings.signing.authorities
    if folder is None:
        return found("notice", "список не задан: электронные подписи не принимаются")
    try:
        known = read_authorities(folder)
    except (BadAuthorities, OSError) as error:
        return found("failure", f"{folder}: {error}")
    if not known.certificates:
        return found("notice", f"{folder}: сертификатов нет, электронные подписи не принимаются")
    count = f"сертификатов {len(known.certificates)}, списков отозванных {len(known.revoked)}"
    return found("ok", f"{folder}: {count}")


def _gost() -> Finding:
    """Without the engine, signatures by GOST are not checked and so not taken; others are."""

    def found(state: State, text_: str) -> Finding:
        return Finding(id="gost", title="подписи по ГОСТ", state=state, text=text_)

    try:
        GostOpenSsl().digest("md_gost12_256", b"")
    except GostUnavailable as error:
        return found("notice", f"не проверяются: {error}")
    return found("ok", "проверяет OpenSSL с модулем ГОСТ")


def _stopped(id_: str, title: str) -> Finding:
    return Finding(id=id_, title=title, state="failure", text="служба не запущена (nastavnik up)")
