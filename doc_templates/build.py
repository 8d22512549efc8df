"""Makes every `<kind>/template.docx`: `python -m doc_templates.build`.

The committed templates are exactly what this makes; a test compares the bytes.
"""

from collections.abc import Callable
from pathlib import Path

from doc_templates import consents, orders, pair_papers, reports

BUILDERS: dict[str, Callable[[], bytes]] = {
    "agreement": pair_papers.agreement,
    "consent_adult": consents.consent_adult,
    "consent_parent": consents.consent_parent,
    "individual_plan": pair_papers.individual_plan,
    "order_introduction": orders.order_introduction,
    "order_pairs": orders.order_pairs,
    "report": reports.report,
}


def main() -> None:
    """Writes the templates beside this file."""
    for kind, build in BUILDERS.items():
        path = Path(__file__).parent / kind / "template.docx"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(build())
        print(path.relative_to(Path(__file__).parent))


if __name__ == "__main__":
    main()
