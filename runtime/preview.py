"""Which roadmap a preview is of, and which day it starts from."""

from datetime import date
from pathlib import Path

from adapters.docx.renderer import DocxRenderer
from adapters.roadmap_files import read_roadmap
from domain.roadmap import Roadmap
from runtime.settings import WrongCall
from runtime.shipped import roadmap_files

FIRST_YEAR, LAST_YEAR = 1990, 2100
"""A date outside of these years is a slip of the hand."""


def start_from(text: str) -> date:
    """The day that `--start` names. Raises `WrongCall`."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise WrongCall(f"--start {text}: ожидается дата вида 2026-09-01") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise WrongCall(f"--start {text}: ожидается год от {FIRST_YEAR} до {LAST_YEAR}")
    return day


def find_roadmap(given: str, renderer: DocxRenderer, own: Path | None = None) -> Roadmap:
    """The roadmap of this name, of the library or its folder `own`, or the one in this file.

    Raises `WrongCall` for an unknown name, `OSError` for a file that cannot be opened, and
    `BadRoadmap`.
    """
    shelf = {path.stem: path for path in roadmap_files(own)}
    path = shelf.get(given) or Path(given)
    if path.suffix not in (".yaml", ".yml"):
        known = ", ".join(shelf)
        raise WrongCall(f"Нет дорожной карты «{given}». Есть: {known}; или укажите файл YAML.")
    path.open("rb").close()
    return read_roadmap(path, renderer.known_kinds())
