"""What every part of the settings has, and the parts about programs that the service asks."""

import re
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic.functional_validators import AfterValidator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "NASTAVNIK_"
Absolute = Annotated[Path, AfterValidator(lambda path: path.expanduser().absolute())]

_SERVICE = re.compile(r"https?://[^\s/?#]+/?")
_CLAMAV = re.compile(r"unix:/.+|[A-Za-z0-9.-]+:[0-9]{1,5}")


class SettingsPart(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, extra="forbid", env_ignore_empty=True
    )

    @classmethod
    def variables(cls) -> dict[str, str]:
        """The field behind each environment variable of this class."""
        prefix = str(cls.model_config.get("env_prefix"))
        return {f"{prefix}{field}".upper(): field for field in cls.model_fields}

    @classmethod
    def secrets(cls) -> dict[str, str]:
        """Of `variables`, those whose value may come from a file."""
        return {
            variable: field
            for variable, field in cls.variables().items()
            if cls.model_fields[field].annotation == SecretStr | None
        }


class ClientSettings(SettingsPart):
    """Where commands that do people's work find the running service, and whose token they bear.

    Without `url` it is this machine's, at the port of the pages.
    """

    url: str | None = None
    token: SecretStr | None = None

    @field_validator("url")
    @classmethod
    def _address(cls, url: str | None) -> str | None:
        if url is not None and not _SERVICE.fullmatch(url):
            raise ValueError("ожидается адрес вида https://узел:порт")
        return url and url.rstrip("/")


class PdfSettings(SettingsPart):
    """LibreOffice, which makes PDF copies: its program, found on the PATH if unset, and limits.

    `seconds` and `memory_mib` (of address space) bound one run; `cache_mib` the copies that the web
    process remembers.
    """

    model_config = SettingsConfigDict(env_prefix=f"{PREFIX}PDF_")

    program: Path | None = None
    seconds: int = Field(60, ge=1, le=600)
    memory_mib: int = Field(1536, ge=256)
    cache_mib: int = Field(64, ge=1)


class ClamavSettings(SettingsPart):
    """ClamAV's daemon, which looks at what people send: `host:port` or `unix:/path`.

    Without an address, or without an answer within `seconds`, a file is taken and shown as not
    checked.
    """

    model_config = SettingsConfigDict(env_prefix=f"{PREFIX}CLAMAV_")

    address: str | None = None
    seconds: int = Field(10, ge=1, le=15)

    @field_validator("address")
    @classmethod
    def _place(cls, address: str | None) -> str | None:
        if address is not None and not _CLAMAV.fullmatch(address):
            raise ValueError("ожидается узел:порт или unix:/путь")
        return address


class SigningSettings(SettingsPart):
    """The folder of those whose electronic signatures are trusted; unset, nobody is."""

    authorities: Absolute | None = None

    @field_validator("authorities")
    @classmethod
    def _there(cls, folder: Path | None) -> Path | None:
        if folder is not None and not folder.is_dir():
            raise ValueError(f"каталога {folder} нет")
        return folder


class NightSettings(SettingsPart):
    """At which hour (UTC) the nightly work begins, within half an hour."""

    model_config = SettingsConfigDict(env_prefix=f"{PREFIX}NIGHT_")

    hour: int = Field(21, ge=0, le=23)  # midnight in Moscow


class BackupSettings(SettingsPart):
    """Where backups are made if the command does not say it, and for how many days they are kept.

    A backup holds the keys of papers that were destroyed since: what was destroyed must be gone
    within 30 days (152-ФЗ, ст. 21, ч. 4 и 5), from backups too.
    """

    model_config = SettingsConfigDict(env_prefix=f"{PREFIX}BACKUP_")

    to: Absolute | None = None
    days: int = Field(30, ge=1, le=30)
