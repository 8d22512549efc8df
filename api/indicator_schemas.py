"""What requests about indicators must look like."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from api.schemas import Text, example
from domain.base import Value
from domain.indicators import WHOLE_TURN, GivenValue
from domain.roadmap import MOST_TURNS, Number

Turn = Annotated[int, Field(ge=1, le=MOST_TURNS)]

PeriodId = Annotated[str, Field(pattern=r"^(turn|[0-9]{4}-(h[12]|q[1-4]|[01][0-9]))$")]


class NewValue(Value):
    """What an indicator came to in a period of a turn, and where that is known from."""

    indicator: Number
    turn: Turn = 1
    period: PeriodId = WHOLE_TURN
    value: Annotated[str, Field(pattern=r"^[0-9]{1,9}([.,][0-9]{1,3})?$")]
    source: Text

    def given(self) -> GivenValue:
        """As the rules take it."""
        said = self.model_dump(exclude={"value"})
        return GivenValue(**said, value=Decimal(self.value.replace(",", ".")))


class NewValues(Value):
    """Values to enter, all or none; each stands in place of the one before, which is kept."""

    model_config = example(
        values=[
            {
                "indicator": "1.1",
                "turn": 1,
                "period": "turn",
                "value": "12",
                "source": "Реестр договоров учебной части",
            }
        ]
    )

    values: Annotated[tuple[NewValue, ...], Field(min_length=1, max_length=200)]
