"""The schema of the database, brought up to date by whoever starts the service.

Apart from `opening`, so that no worker loads the tool for migrations.
"""

from pydantic import SecretStr
from sqlalchemy.exc import OperationalError

from adapters.files.keyring import MasterKeys
from adapters.postgres.migrate import NewerSchema, migrate
from domain.errors import BytesChanged, WrongKey
from runtime.opening import MASTER_UNFIT, KeyUnfit
from runtime.processes import NoSpace, is_disk_full
from runtime.settings import WrongCall


class DataNewer(WrongCall):
    """A later version of the program has written here."""


def open_database(owner_url: SecretStr, master: SecretStr | None) -> None:
    """Bring the schema up to date.

    Before anything is changed, raises `DataNewer` or `KeyUnfit`; `NoSpace` if the disk is full.
    Raises `OperationalError` if the database does not answer.
    """
    keys = master and MasterKeys.from_text(master.get_secret_value())
    try:
        migrate(owner_url, keys or None)
    except NewerSchema as error:
        raise DataNewer(
            f"Базу данных записала более новая версия программы (схема {error}). "
            "Обновите программу; данные не тронуты."
        ) from None
    except (WrongKey, BytesChanged):
        raise KeyUnfit(MASTER_UNFIT) from None
    except OperationalError as error:
        if is_disk_full(str(error.orig)):
            raise NoSpace("База данных не может писать: кончилось место на диске.") from None
        raise
