"""What is looked at before anything is written: the keys must be those of this data."""

import asyncio

from pydantic import SecretStr
from temporalio.api.common.v1 import Payload
from temporalio.client import Client
from temporalio.service import RPCError

from adapters.files.keyring import MasterKeys
from adapters.postgres.objects import ObjectBook
from domain.errors import BytesChanged, WrongKey
from runtime.codec import key_id_of
from runtime.settings import WrongCall

MASTER_UNFIT = (
    "Главный ключ не подходит: файлы зашифрованы другим. Верните прежний: NASTAVNIK_MASTER_KEY "
    "или файл keys/master в каталоге данных."
)
_PAYLOAD = (
    "Ключ NASTAVNIK_PAYLOAD_KEY (или файл keys/payload в каталоге данных) не подходит: данные в "
    "Temporal зашифрованы другим. Верните прежний."
)


class KeyUnfit(WrongCall):
    """A key is not the one that the data was encrypted with."""


def check_payload_key(address: str, namespace: str, payload: SecretStr | None) -> None:
    """Raises `KeyUnfit` unless what Temporal keeps there was encrypted with this key."""
    keys = payload and MasterKeys.from_text(payload.get_secret_value())

    async def check() -> None:
        client = await Client.connect(address, namespace=namespace)
        if keys:
            await _check_payload_key(client, keys)

    asyncio.run(check())


async def check_keys(book: ObjectBook, client: Client, payload_keys: MasterKeys) -> None:
    """Raises `KeyUnfit` unless both keys are those that the kept data was encrypted with."""
    try:
        await asyncio.to_thread(book.check_master_key)
    except (WrongKey, BytesChanged):
        raise KeyUnfit(MASTER_UNFIT) from None
    await _check_payload_key(client, payload_keys)


async def _check_payload_key(client: Client, payload_keys: MasterKeys) -> None:
    payload = await _any_payload(client)
    key_id = payload and key_id_of(payload)
    if key_id and key_id != payload_keys.current_id:
        raise KeyUnfit(_PAYLOAD)


async def _any_payload(client: Client) -> Payload | None:
    """Something that Temporal keeps for us; None if it keeps nothing or does not answer."""
    try:
        async for found in client.list_workflows(page_size=1, limit=1):
            handle = client.get_workflow_handle(found.id, run_id=found.run_id)
            async for event in handle.fetch_history_events(page_size=1):
                given = event.workflow_execution_started_event_attributes.input.payloads
                return given[0] if given else None
    except RPCError:  # it does not answer yet: who uses it will see
        return None
    return None
