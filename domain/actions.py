"""Actions of the log that tell how the machine works: a reader may leave them out."""

from typing import Final

TECHNICAL: Final = frozenset(
    {
        *("drafted", "informed", "registration_asked", "reminded", "escalated"),
        *("troubled", "retried", "item_opened", "document_asked", "document_changed"),
        *("reads_counted", "reads_forgotten", "rows_told"),
    }
)
