"""The two kinds of model that everything here is made of."""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """A frozen value of the domain. An unknown field is a mistake and is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def changed(self, **fields: Any) -> Self:  # noqa: ANN401 - any field of any model
        """A copy with `fields` replaced, validated anew.

        Raises `pydantic.ValidationError` on an unknown field of a `Value` or on a wrong value.
        """
        return self.model_validate({**dict(self), **fields})


class Message(Value):
    """A durable payload: ids, hashes and states, never personal data.

    Unknown fields are ignored, because an older worker may read a newer history.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    def changed(self, **fields: Any) -> Self:  # noqa: ANN401 - any field of any model
        """As `Value.changed`; a field that the class lacks is refused here too."""
        unknown = fields.keys() - type(self).model_fields.keys()
        if unknown:
            raise TypeError(f"{type(self).__name__} has no field {', '.join(sorted(unknown))}")
        return super().changed(**fields)
