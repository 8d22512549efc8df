"""What requests about a document's discussion, review and assignments must look like."""

from api.schemas import Sha256, Text, Version, example
from domain.base import Value


class DiscussionRemark(Value):
    """A remark on this version, while it is under discussion."""

    model_config = example(version=1, text="Уточните, кто ведёт журнал встреч.")

    version: Version
    text: Text


class DiscussionAnswer(Value):
    """The drafter's answer to a remark: what was changed, or why nothing was."""

    model_config = example(text="Журнал ведёт куратор, пункт 3 дополнен.")

    text: Text


class Review(Value):
    """A review from outside: its file was sent before, the text says whose it is and what it says.

    Names stand here and never in an address.
    """

    model_config = example(
        version=1,
        file_sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        text="Рецензия методического центра: программа рекомендована.",
    )

    version: Version
    file_sha256: Sha256
    text: Text


class Fulfilled(Value):
    """How an assignment was carried out; `file_sha256` names a file that was sent before."""

    model_config = example(text="Анкетирование проведено 20 сентября, собрано 24 согласия.")

    text: Text
    file_sha256: Sha256 | None = None


class Reason(Value):
    """Why the controller gives an assignment back, or gives it up."""

    model_config = example(text="Приложите лист ознакомления.")

    text: Text


class VerifyNow(Value):
    """Have all stored files verified; there is nothing to choose."""

    model_config = example()
