"""The web process: API and health, until it is told to stop."""

import asyncio
from datetime import UTC, datetime

import uvicorn

from adapters.people_files import read_people
from api.app import create_app
from api.gateway import Gateway, TemporalGateway
from api.services import Services
from domain.errors import NotFound
from domain.roadmap import Roadmap
from runtime.logs import configure
from runtime.processes import leave
from runtime.settings import read_settings
from runtime.wiring import Parts, assemble, connect

GRACE = 30  # seconds for requests at hand


def services(parts: Parts, gateway: Gateway) -> Services:
    """What the web process gives its app."""

    def roadmap(name: str) -> Roadmap:
        if name not in parts.roadmaps:
            raise NotFound(f"there is no roadmap {name}")
        return parts.roadmaps[name]

    return Services(
        gateway=gateway,
        views=parts.views,
        desk=parts.desk,
        files=parts.files,
        read_people=read_people,
        roadmaps=roadmap,
        now=lambda: datetime.now(UTC),
        rehearsal=parts.rehearsal,
    )


async def serve() -> None:
    """Serve until SIGTERM or SIGINT, which uvicorn heeds itself."""
    configure()
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
    leave(0)
