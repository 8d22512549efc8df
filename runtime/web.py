"""The web process: API and health, until it is told to stop."""

import asyncio

import uvicorn

from api.app import create_app
from api.gateway import TemporalGateway
from runtime.settings import read_settings
from runtime.wiring import assemble, connect, services

GRACE = 30  # seconds for requests at hand


async def serve() -> None:
    """Serve until SIGTERM or SIGINT, which uvicorn heeds itself."""
    settings = read_settings()
    parts = assemble(settings)
    client = await connect(settings, parts.payload_keys)
    gateway = TemporalGateway(client, settings.temporal.task_queue)
    config = uvicorn.Config(
        create_app(services(parts, gateway)),
        host=settings.web.host,
        port=settings.web.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )
    await uvicorn.Server(config).serve()


if __name__ == "__main__":
    asyncio.run(serve())
