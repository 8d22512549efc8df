"""An act and a kind of documents, for requests about legal grounds and changes."""

from domain.kinds import DocumentKind

ORDER_FORMS = {"nomn": "приказ", "gent": "приказа", "datv": "приказу", "ablt": "приказом"}
GROUND = {
    "level": "regional",
    "head": ORDER_FORMS,
    "issuer": "Министерства образования",
    "number": "401",
    "day": "2020-09-25",
    "topics": ["introduction"],
    "since": "2020-09-25",
}


def a_kind(**fields: object) -> DocumentKind:
    """An order of a cycle that the director approves and a journal counts."""
    known: dict[str, object] = {
        "kind": "order_curator",
        "title": "Приказ о назначении куратора",
        "agreement": "m",
        "retention": "main_activity",
        "left_margin_mm": 30,
        "approver": "director",
        "journal": "orders",
        "signature": "scan",
        "electronic": "ukep",
        "signers": ("director",),
        "scope": "cycle",
    }
    return DocumentKind.model_validate({**known, **fields})
