"""Secrets: read from files, and those refused that protect nothing.

These are the ones of examples and manuals, and keys typed by hand.
"""

from pathlib import Path
from typing import Final

from adapters.files.keyring import MasterKeys

# The text of 32 random bytes has a dozen different signs or more; a key typed by hand often fewer.
_FEWEST_SIGNS: Final = 8

# Words that stand in examples and manuals; a secret equal to one of them protects nothing.
_SAMPLES: Final = (
    "change-me changeme change_me default example minioadmin nastavnik nastavnik_app "
    "nastavnik_owner passwd password postgres root sample secret temporal test todo xxx "
    "замените образец пароль пример секрет"
)


def is_sample(secret: str) -> bool:
    """Whether everybody knows this secret."""
    return secret.strip("<>[]{}* \t").casefold() in _SAMPLES.split()


def refuse_weak_key(text: str) -> None:
    """Raises `ValueError` unless this is the text of a random key."""
    if is_sample(text):
        raise ValueError("значение взято из примера; задайте своё")
    try:
        MasterKeys.from_text(text)
    except ValueError:
        raise ValueError("ожидаются 32 случайных байта в base64 или hex") from None
    if len(set(text)) < _FEWEST_SIGNS:
        raise ValueError("ключ не случаен: в нём слишком мало разных знаков")


def secret_in(file: Path) -> str:
    """What stands in a file. Raises `ValueError`, whose message has none of it."""
    try:
        secret = file.read_text("utf-8").strip()
    except OSError as error:
        raise ValueError(f"файл {file} не читается ({error.strerror})") from error
    except UnicodeDecodeError:
        # The cause is left out: it shows a part of the secret.
        raise ValueError(f"в файле {file} не текст UTF-8") from None
    if not secret:
        raise ValueError(f"файл {file} пуст")
    return secret
