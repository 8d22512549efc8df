"""A fresh house for each test."""

from collections.abc import AsyncIterator

import pytest

from tests.api.house import House


@pytest.fixture
async def house() -> AsyncIterator[House]:
    house = House()
    async with house.client:
        yield house
