"""The rules of packages as a YAML file (`rules/packages.yaml`)."""

from pathlib import Path

import yaml
from pydantic import ValidationError

from adapters.roadmap_messages import in_russian
from domain.base import Value
from domain.errors import BadRules
from domain.packages import PaperRule, check_rules


class _File(Value):
    papers: tuple[PaperRule, ...]


def read_package_rules(path: Path) -> tuple[PaperRule, ...]:
    """The rules, in the order of the file.

    Raises `BadRules` naming the file and what is wrong: it is no YAML, a rule is not understood,
    or two ask for the same document at once.
    """
    try:
        rules = _File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))).papers
        check_rules(rules)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadRules(f"{path.name}: не читается") from error
    except ValidationError as error:
        wrong = (f"{'.'.join(map(str, one.at))}: {one.text}" for one in in_russian(error, _File))
        raise BadRules(f"{path.name}: {'; '.join(wrong)}") from error
    except BadRules as error:
        raise BadRules(f"{path.name}: {error}") from error
    return rules
