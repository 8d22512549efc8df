"""A consent that names an organisation above as recipient: what that one is shown of a person.

152-ФЗ, ст. 9, ч. 4: a consent names the recipient, the data, the purpose and the term. What the
system shows above is always the same, so a consent to it cannot say more, less or otherwise.
"""

from collections.abc import Collection, Mapping
from typing import Final

from domain.errors import NotAbove, TransferFixed

RECIPIENT: Final = "recipient_upper"
"""The fact that names an organisation above, by its id."""
PURPOSE: Final = (
    "учёт участников программы наставничества в реестре, который Получатель ведёт как организация "
    "уровнем выше"
)
PASSED: Final = (
    "фамилия, имя, отчество (при наличии)",
    "роль (наставник или наставляемый) и форма наставничества",
    "организация, от которой участвует",
)
PARTS: Final = {"mentor": "наставник", "mentee": "наставляемый"}
"""A side of a pair, as a register calls it."""
_FIXED: Final = frozenset({"recipient", "transfer_purpose", "transferred_data"})


def check_recipient(said: Mapping[str, object], above: Collection[str]) -> None:
    """Whether a person may say this of a consent, where `above` are the organisations above.

    Raises `NotAbove`, or `TransferFixed` if what follows from the recipient is said as well.
    """
    if RECIPIENT not in said:
        return
    if worded := sorted(_FIXED & said.keys()):
        raise TransferFixed(f"the recipient above fixes: {', '.join(worded)}")
    if said[RECIPIENT] not in above:
        raise NotAbove("the organisation that is named does not stand above this one")


def facts_of(organisation_id: str, name: str, address: str) -> Mapping[str, object]:
    """What a consent says to an organisation above with this name and address."""
    return {
        RECIPIENT: organisation_id,
        "recipient": f"{name}, {address}",
        "transfer_purpose": PURPOSE,
        "transferred_data": list(PASSED),
    }
