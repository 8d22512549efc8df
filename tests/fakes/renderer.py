"""A renderer whose documents are their facts."""

import json
from collections.abc import Mapping
from typing import Any

from domain.errors import FactMissing


class PlainRenderer:
    """Writes facts as JSON. While `missing` names a fact, it refuses as the real one does."""

    def __init__(self) -> None:
        self.missing: str | None = None

    def render(self, kind: str, facts: Mapping[str, Any]) -> bytes:
        if self.missing is not None:
            raise FactMissing(f"{kind}: {self.missing}")
        return json.dumps([kind, facts], ensure_ascii=False, sort_keys=True).encode()
