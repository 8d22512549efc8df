"""The terms of keeping as a YAML file (`rules/retention.yaml`)."""

from functools import cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from adapters.roadmap_messages import in_russian
from domain.errors import BadRules
from domain.retention import RetentionRules, check_retention

_FILE = Path(__file__).parents[1] / "rules" / "retention.yaml"


@cache
def retention_rules() -> RetentionRules:
    """What came with us. Raises as `read_retention_rules`."""
    return read_retention_rules(_FILE)


def read_retention_rules(path: Path) -> RetentionRules:
    """The rules of a file.

    Raises `BadRules` naming the file and what is wrong: it is no YAML, a line is not understood, or
    two lines of a term hold at once.
    """
    try:
        rules = RetentionRules.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
        check_retention(rules, ())
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadRules(f"{path.name}: не читается") from error
    except ValidationError as error:
        found = in_russian(error, RetentionRules)
        wrong = (f"{'.'.join(map(str, one.at))}: {one.text}" for one in found)
        raise BadRules(f"{path.name}: {'; '.join(wrong)}") from error
    except BadRules as error:
        raise BadRules(f"{path.name}: {error}") from error
    return rules
