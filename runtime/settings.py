"""Settings: what the environment says, read once when a process starts.

Every variable is `NASTAVNIK_…`; one frozen class holds one concern. An address that is not set
means the embedded server or store. Secrets have no defaults: an unset one is made at first start
(`runtime.home`), a sample one is refused. `<VARIABLE>_FILE` names a file that holds a secret.
"""

import difflib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import ClassVar, Self
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import SettingsConfigDict

from runtime.settings_parts import (
    PREFIX,
    Absolute,
    BackupSettings,
    ClamavSettings,
    ClientSettings,
    NightSettings,
    PdfSettings,
    SettingsPart,
    SigningSettings,
)
from runtime.weak_secrets import is_sample, refuse_weak_key, secret_in

FROM_FILE = "_FILE"
"""Ends the name of a variable that names a file with the secret, as containers mount them."""
DRIVER = "postgresql+psycopg"

_HOST_AND_PORT = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?")
_ADDRESS_EXPECTED = f"ожидается адрес вида {DRIVER}://роль:пароль@узел:порт/база"
_RUSSIAN = {
    "int_parsing": "ожидается целое число",
    "too_short": "ожидается не меньше {min_length} знаков",
    "bool_parsing": "ожидается true или false",
    "string_pattern_mismatch": "ожидаются строчные латинские буквы, цифры, точки и дефисы: 3–63",
    "greater_than_equal": "ожидается число не меньше {ge}",
    "less_than_equal": "ожидается число не больше {le}",
}


class WrongCall(Exception):  # noqa: N818 - the word of the field
    """The command cannot run as it was called. The message is a Russian sentence for people.

    The process edge prints it and ends with `exit_code`.
    """

    exit_code: ClassVar[int] = 2


class BadSettings(WrongCall):
    """A setting is wrong; the message names the variable of each mistake and no secret value."""


class HomeSettings(SettingsPart):
    """Where the embedded default keeps everything, and whether it is only a rehearsal."""

    home: Absolute = Field(Path("var"), validate_default=True)
    rehearsal: bool = False  # invented people: each page of each document says so
    roadmaps: Absolute | None = None  # a folder of own roadmaps, beside those that come with us


class DatabaseSettings(SettingsPart):
    """Addresses of PostgreSQL; both unset means the embedded server.

    `url` belongs to the owner, who migrates; `app_url` to a role that owns nothing
    (`docs/architecture.md`), and is all that a worker or the web process needs to know.
    """

    model_config = SettingsConfigDict(env_prefix=f"{PREFIX}DATABASE_")

    url: SecretStr | None = None
    app_url: SecretStr | None = None

    @field_validator("url", "app_url")
    @classmethod
    def _postgres(cls, url: SecretStr | None) -> SecretStr | None:
        if url is None:
            return None
        parts = _address(url)
        if parts.scheme != DRIVER or not parts.username:
            raise ValueError(_ADDRESS_EXPECTED)
        if parts.password and is_sample(unquote(parts.password)):
            raise ValueError("пароль взят из примера; задайте свой")
        return url

    @model_validator(mode="after")
    def _two_roles(self) -> Self:
        if self.url is None:
            return self
        if self.app_url is None:
            raise ValueError("к адресу владельца нужен и адрес приложения")
        if _address(self.url).username == _address(self.app_url).username:
            raise ValueError("приложению нужна своя роль, которая ничем не владеет")
        return self


class TemporalSettings(SettingsPart):
    """Address of Temporal; unset means the embedded server."""

    model_config = SettingsConfigDict(env_prefix=f"{PREFIX}TEMPORAL_")

    address: str | None = Field(None, min_length=1)
    namespace: str = Field("default", min_length=1)
    task_queue: str = Field("nastavnik", min_length=1)


class StoreSettings(SettingsPart):
    """Where files are kept: in an S3 store if `endpoint` is set, else in a folder.

    An unset `path` is `files` in the home. `lock_days` is for how long nobody can delete a sealed
    file: five years is the shortest term of what is signed here (Росархив № 236 of 20.12.2019,
    art. 11 and 182).
    """

    model_config = SettingsConfigDict(env_prefix=f"{PREFIX}STORE_")

    path: Absolute | None = None
    endpoint: str | None = None
    bucket: str = Field("nastavnik", pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")
    access_key: SecretStr | None = None
    secret_key: SecretStr | None = None
    region: str = Field("us-east-1", min_length=1)
    secure: bool = True  # TLS
    lock_days: int = Field(1826, ge=1, le=36500)

    @field_validator("endpoint")
    @classmethod
    def _host_and_port(cls, endpoint: str | None) -> str | None:
        if endpoint is not None and not _HOST_AND_PORT.fullmatch(endpoint):
            raise ValueError("ожидается узел:порт, без http:// и пути")
        return endpoint

    @field_validator("access_key", "secret_key")
    @classmethod
    def _own(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None and is_sample(key.get_secret_value()):
            raise ValueError("значение взято из примера; задайте своё")
        return key

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        if self.endpoint is None:
            return self
        if self.path is not None:
            raise ValueError(
                "NASTAVNIK_STORE_PATH, NASTAVNIK_STORE_ENDPOINT: "
                "файлы хранятся или в каталоге, или в S3; задайте что-то одно"
            )
        if self.access_key is None or self.secret_key is None:
            raise ValueError(
                "NASTAVNIK_STORE_ENDPOINT: к нему нужны "
                "NASTAVNIK_STORE_ACCESS_KEY и NASTAVNIK_STORE_SECRET_KEY"
            )
        return self


class SecretSettings(SettingsPart):
    """Keys as `MasterKeys.from_text` reads them; an unset one is made at first start in the home.

    `master_key` wraps the keys of stored files, `payload_key` encrypts what Temporal keeps.
    """

    master_key: SecretStr | None = None
    payload_key: SecretStr | None = None

    @field_validator("master_key", "payload_key")
    @classmethod
    def _key(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None:
            refuse_weak_key(key.get_secret_value())
        return key


class WebSettings(SettingsPart):
    """Where pages and API are served."""

    model_config = SettingsConfigDict(env_prefix=f"{PREFIX}WEB_")

    host: str = Field("127.0.0.1", min_length=1)
    port: int = Field(8080, ge=1, le=65535)
    tls_cert: Path | None = None  # PEM, with the chain; it and its key, or neither
    tls_key: Path | None = None


class MetricsSettings(SettingsPart):
    """Where a worker shows its numbers to Prometheus; without a port it does not.

    `token` opens `/metrics` of the web process; without it only this machine reads them.
    """

    model_config = SettingsConfigDict(env_prefix=f"{PREFIX}METRICS_")

    host: str = Field("127.0.0.1", min_length=1)
    port: int | None = Field(None, ge=1, le=65535)
    token: SecretStr | None = Field(None, min_length=16)  # longer than any sample


@dataclass(frozen=True)
class Settings:
    """All settings of a process."""

    home: HomeSettings
    database: DatabaseSettings
    temporal: TemporalSettings
    store: StoreSettings
    secret: SecretSettings
    web: WebSettings
    metrics: MetricsSettings
    pdf: PdfSettings
    clamav: ClamavSettings
    signing: SigningSettings
    night: NightSettings
    backup: BackupSettings
    client: ClientSettings

    @property
    def files(self) -> Path:
        """The folder of the filesystem store."""
        return self.store.path or self.home.home / "files"

    @property
    def located_store(self) -> StoreSettings:
        """`store` as it must be told to a process with another home."""
        if self.store.endpoint is not None:
            return self.store
        return self.store.model_copy(update={"path": self.files})

    def environment(self) -> dict[str, str]:
        """These settings as the variables that say them: for a process that we start.

        A secret is told itself; its `_FILE`, which the process could inherit, is emptied.
        """
        found: dict[str, str] = {}
        for part in (getattr(self, field.name) for field in fields(self)):
            for variable, field in part.variables().items():
                value = getattr(part, field)
                if isinstance(value, SecretStr):
                    found[variable] = value.get_secret_value()
                    found[variable + FROM_FILE] = ""
                elif value is not None:
                    found[variable] = str(value)
        return found

    def names_servers(self) -> bool:
        """Whether some server is named by address: then none is embedded."""
        return self.database.app_url is not None or self.temporal.address is not None


KINDS: tuple[type[SettingsPart], ...] = (
    *(HomeSettings, DatabaseSettings, TemporalSettings, StoreSettings),
    *(SecretSettings, WebSettings, MetricsSettings, PdfSettings, ClamavSettings, SigningSettings),
    *(NightSettings, BackupSettings, ClientSettings),
)
"""What `read_settings` reads."""


def read_settings(*, home: Path | None = None, port: int | None = None) -> Settings:
    """The settings of this process; `home` and `port` of the command line win over variables.

    Raises `BadSettings` with a line for each mistake, an unknown `NASTAVNIK_` variable included:
    a misspelt address would otherwise quietly mean the embedded server.
    """
    mistakes = _unknown_variables(os.environ)
    given: dict[type[SettingsPart], dict[str, object]] = {kind: {} for kind in KINDS}
    if home is not None:
        given[HomeSettings]["home"] = home
    if port is not None:
        given[WebSettings]["port"] = port
    for kind in KINDS:
        try:
            given[kind] |= _from_files(kind, os.environ)
            kind.model_validate(given[kind])
        except BadSettings as error:
            mistakes.append(str(error))
        except ValidationError as error:
            mistakes.extend(_complaint(kind, detail) for detail in error.errors())
    if mistakes:
        raise BadSettings("\n".join(mistakes))
    return Settings(
        home=HomeSettings.model_validate(given[HomeSettings]),
        database=DatabaseSettings.model_validate(given[DatabaseSettings]),
        temporal=TemporalSettings.model_validate(given[TemporalSettings]),
        store=StoreSettings.model_validate(given[StoreSettings]),
        secret=SecretSettings.model_validate(given[SecretSettings]),
        web=WebSettings.model_validate(given[WebSettings]),
        metrics=MetricsSettings.model_validate(given[MetricsSettings]),
        pdf=PdfSettings.model_validate(given[PdfSettings]),
        clamav=ClamavSettings.model_validate(given[ClamavSettings]),
        signing=SigningSettings.model_validate(given[SigningSettings]),
        night=NightSettings.model_validate(given[NightSettings]),
        backup=BackupSettings.model_validate(given[BackupSettings]),
        client=ClientSettings.model_validate(given[ClientSettings]),
    )


def _from_files(kind: type[SettingsPart], environment: Mapping[str, str]) -> dict[str, str]:
    """The secrets that stand in files. Raises `BadSettings` that names the variable."""
    found: dict[str, str] = {}
    mistakes: list[str] = []
    for variable, field in kind.secrets().items():
        named = variable + FROM_FILE
        if not environment.get(named):
            continue
        if environment.get(variable):
            mistakes.append(f"{variable}, {named}: задайте что-то одно")
            continue
        try:
            found[field] = secret_in(Path(environment[named]))
        except ValueError as error:
            mistakes.append(f"{named}: {error}")
    if mistakes:
        raise BadSettings("\n".join(mistakes))
    return found


def _complaint(kind: type[SettingsPart], detail: ErrorDetails) -> str:
    variables = {field: variable for variable, field in kind.variables().items()}
    own = str(detail.get("ctx", {}).get("error", ""))
    if own.startswith(PREFIX):
        return own
    # A mistake of the whole class, such as two roles that are one, names all of its variables.
    named = [variables[str(field)] for field in detail["loc"]] or list(variables.values())
    said = _RUSSIAN.get(detail["type"], "{msg}").format(**detail.get("ctx", {}), msg=detail["msg"])
    return f"{', '.join(named)}: {own or said}"


def _unknown_variables(environment: Mapping[str, str]) -> list[str]:
    known = [variable for kind in KINDS for variable in kind.variables()]
    known += [variable + FROM_FILE for kind in KINDS for variable in kind.secrets()]
    complaints = []
    for name in sorted(environment):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            near = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0)
            complaints.append(f"{name}: такой переменной нет; ближайшая: {near[0]}")
    return complaints


def _address(url: SecretStr) -> SplitResult:
    try:
        return urlsplit(url.get_secret_value())
    except ValueError:
        # The cause is left out: it shows a part of the address.
        raise ValueError(_ADDRESS_EXPECTED) from None
