"""The journals that every organisation starts with (`rules/journals.yaml`)."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import TypeAdapter, ValidationError

from domain.errors import BadRules, MaskNotUnique
from domain.journals import Journal, check_masks

_FILE = Path(__file__).parents[1] / "rules" / "journals.yaml"
_SAID = TypeAdapter(dict[str, dict[str, str]])


def read_journals(path: Path) -> dict[str, Journal]:
    """The journals by name. Raises `BadRules` naming the file and what is wrong."""
    try:
        said = _SAID.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
        found = {
            name: Journal.model_validate({"name": name, **fields}) for name, fields in said.items()
        }
        check_masks(found.values())
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        raise BadRules(f"{path.name}: не читается или описан неверно") from error
    except MaskNotUnique as error:
        raise BadRules(f"{path.name}: {error}") from error
    return found


@cache
def starting_journals() -> dict[str, Journal]:
    """What came with us. Raises `BadRules`."""
    return read_journals(_FILE)
