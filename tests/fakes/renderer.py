"""A renderer whose documents are their facts."""

import json
from collections.abc import Mapping
from typing import Any

from activities.ports import Template
from domain.errors import FactMissing


class PlainRenderer:
    """Writes facts as JSON. While `missing` names a fact, it refuses as the real one does."""

    def __init__(self) -> None:
        self.missing: str | None = None

    def render(
        self, kind: str, facts: Mapping[str, Any], template: Template | None = None
    ) -> bytes:
        if self.missing is not None:
            raise FactMissing(f"{kind}: {self.missing}")
        made_of = [] if template is None else [template.sha256]
        return json.dumps([kind, facts, *made_of], ensure_ascii=False, sort_keys=True).encode()
