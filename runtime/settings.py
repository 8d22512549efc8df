"""Settings: what the environment says, read once when a process starts.

Every variable is `NASTAVNIK_…`; one frozen class holds one concern. An address that is not set
means the embedded server or store. Secrets have no defaults: an unset one is made at first start
(`runtime.home`), a sample one is refused.
"""

import difflib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Self
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from adapters.files.keyring import MasterKeys

PREFIX = "NASTAVNIK_"
DRIVER = "postgresql+psycopg"

# The text of 32 random bytes has a dozen different signs or more; a key typed by hand often fewer.
_FEWEST_SIGNS = 8

# Words that stand in examples and manuals; a secret equal to one of them protects nothing.
_SAMPLES = (
    "change-me changeme change_me default example nastavnik nastavnik_app nastavnik_owner passwd "
    "password postgres root sample secret temporal test todo xxx "
    "замените образец пароль пример секрет"
)
_ADDRESS_EXPECTED = f"ожидается адрес вида {DRIVER}://роль:пароль@узел:порт/база"
_RUSSIAN = {
    "int_parsing": "ожидается целое число",
    "greater_than_equal": "порт бывает от 1 до 65535",
    "less_than_equal": "порт бывает от 1 до 65535",
}


class WrongCall(Exception):  # noqa: N818 - the word of the field
    """The command cannot run as it was called. The message is a Russian sentence for people.

    The process edge prints it and ends with `exit_code`.
    """

    exit_code: ClassVar[int] = 2


class BadSettings(WrongCall):
    """A setting is wrong; the message names the variable of each mistake and no secret value."""


class _Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True
    )

    @classmethod
    def variables(cls) -> dict[str, str]:
        """The field behind each environment variable of this class."""
        prefix = str(cls.model_config.get("env_prefix"))
        return {f"{prefix}{field}".upper(): field for field in cls.model_fields}


class HomeSettings(_Settings):
    """Where the embedded default keeps everything, and whether it is only a rehearsal."""

    home: Path = Field(Path("var"), validate_default=True)
    rehearsal: bool = False  # invented people: each page of each document says so

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        return home.expanduser().absolute()


class DatabaseSettings(_Settings):
    """Addresses of PostgreSQL; both unset means the embedded server.

    `url` belongs to the owner, who migrates; `app_url` to a role that owns nothing
    (`docs/architecture.md`).
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
        if parts.password and _is_sample(unquote(parts.password)):
            raise ValueError("пароль взят из примера; задайте свой")
        return url

    @model_validator(mode="after")
    def _two_roles(self) -> Self:
        if (self.url is None) != (self.app_url is None):
            raise ValueError("нужны обе переменные или ни одной")
        if self.url is None or self.app_url is None:
            return self
        if _address(self.url).username == _address(self.app_url).username:
            raise ValueError("приложению нужна своя роль, которая ничем не владеет")
        return self


class TemporalSettings(_Settings):
    """Address of Temporal; unset means the embedded server."""

    model_config = SettingsConfigDict(env_prefix=f"{PREFIX}TEMPORAL_")

    address: str | None = Field(None, min_length=1)
    namespace: str = Field("default", min_length=1)
    task_queue: str = Field("nastavnik", min_length=1)


class StoreSettings(_Settings):
    """Where files are kept; unset means `files` in the home."""

    model_config = SettingsConfigDict(env_prefix=f"{PREFIX}STORE_")

    path: Path | None = None

    @field_validator("path")
    @classmethod
    def _absolute(cls, path: Path | None) -> Path | None:
        return None if path is None else path.expanduser().absolute()


class SecretSettings(_Settings):
    """Keys as `MasterKeys.from_text` reads them; an unset one is made at first start in the home.

    `master_key` wraps the keys of stored files, `payload_key` encrypts what Temporal keeps.
    """

    master_key: SecretStr | None = None
    payload_key: SecretStr | None = None

    @field_validator("master_key", "payload_key")
    @classmethod
    def _key(cls, key: SecretStr | None) -> SecretStr | None:
        if key is not None:
            _refuse_weak_key(key.get_secret_value())
        return key


class WebSettings(_Settings):
    """Where pages and API are served."""

    model_config = SettingsConfigDict(env_prefix=f"{PREFIX}WEB_")

    host: str = Field("127.0.0.1", min_length=1)
    port: int = Field(8080, ge=1, le=65535)


@dataclass(frozen=True)
class Settings:
    """All settings of a process."""

    home: HomeSettings
    database: DatabaseSettings
    temporal: TemporalSettings
    store: StoreSettings
    secret: SecretSettings
    web: WebSettings

    @property
    def files(self) -> Path:
        """The folder of the filesystem store."""
        return self.store.path or self.home.home / "files"

    def environment(self) -> dict[str, str]:
        """These settings as the variables that say them: for a process that we start."""
        found: dict[str, str] = {}
        for part in (self.home, self.database, self.temporal, self.store, self.secret, self.web):
            for variable, field in part.variables().items():
                value = getattr(part, field)
                if value is not None:
                    secret = isinstance(value, SecretStr)
                    found[variable] = value.get_secret_value() if secret else str(value)
        return found

    def names_servers(self) -> bool:
        """Whether some server is named by address: then none is embedded."""
        return self.database.url is not None or self.temporal.address is not None


def read_settings(*, home: Path | None = None, port: int | None = None) -> Settings:
    """The settings of this process; `home` and `port` of the command line win over variables.

    Raises `BadSettings` with a line for each mistake, an unknown `NASTAVNIK_` variable included:
    a misspelt address would otherwise quietly mean the embedded server.
    """
    mistakes = _unknown_variables(os.environ)
    given: dict[type[_Settings], dict[str, object]] = {
        HomeSettings: {} if home is None else {"home": home},
        WebSettings: {} if port is None else {"port": port},
    }
    for kind in _Settings.__subclasses__():
        try:
            kind.model_validate(given.get(kind, {}))
        except ValidationError as error:
            mistakes.extend(_complaint(kind, detail) for detail in error.errors())
    if mistakes:
        raise BadSettings("\n".join(mistakes))
    return Settings(
        home=HomeSettings.model_validate(given[HomeSettings]),
        database=DatabaseSettings(),
        temporal=TemporalSettings(),
        store=StoreSettings(),
        secret=SecretSettings(),
        web=WebSettings.model_validate(given[WebSettings]),
    )


def _complaint(kind: type[_Settings], detail: ErrorDetails) -> str:
    variables = {field: variable for variable, field in kind.variables().items()}
    # A mistake of the whole class, such as two roles that are one, names all of its variables.
    named = [variables[str(field)] for field in detail["loc"]] or list(variables.values())
    own = detail.get("ctx", {}).get("error")
    return f"{', '.join(named)}: {own or _RUSSIAN.get(detail['type'], detail['msg'])}"


def _unknown_variables(environment: Mapping[str, str]) -> list[str]:
    known = [variable for kind in _Settings.__subclasses__() for variable in kind.variables()]
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


def _is_sample(secret: str) -> bool:
    return secret.strip("<>[]{}* \t").casefold() in _SAMPLES.split()


def _refuse_weak_key(text: str) -> None:
    if _is_sample(text):
        raise ValueError("значение взято из примера; задайте своё")
    try:
        MasterKeys.from_text(text)
    except ValueError:
        raise ValueError("ожидаются 32 случайных байта в base64 или hex") from None
    if len(set(text)) < _FEWEST_SIGNS:
        raise ValueError("ключ не случаен: в нём слишком мало разных знаков")
