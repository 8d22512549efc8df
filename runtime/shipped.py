"""What ships with the program: the folders of its roadmaps, templates and rules."""

from pathlib import Path

from runtime.settings import WrongCall

ROOT = Path(__file__).parents[1]
TEMPLATES = ROOT / "doc_templates"
ROADMAPS = ROOT / "roadmaps"
RULES = ROOT / "rules"
PACKAGES = RULES / "packages.yaml"


def roadmap_files(own: Path | None) -> tuple[Path, ...]:
    """The files of the library. Raises `WrongCall` if there is no folder `own`."""
    if own and not own.is_dir():
        raise WrongCall(f"NASTAVNIK_ROADMAPS: каталога {own} нет.")
    folders = (ROADMAPS, own) if own else (ROADMAPS,)
    return tuple(path for folder in folders for path in sorted(folder.glob("*.yaml")))
