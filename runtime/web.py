"""The web process: API and health, until it is told to stop."""

from datetime import UTC, datetime, timedelta
from importlib.metadata import version

import uvicorn

from adapters.docx.as_text import document_text
from adapters.docx.templates import DocxTemplates
from adapters.journal_files import journal_files
from adapters.pdf.copies import PdfCopies
from adapters.people_files import read_people
from adapters.scans.checks import ScanChecks
from api.app import create_app
from api.gateway import Gateway, TemporalGateway
from api.services import Services
from domain.errors import NotFound
from domain.roadmap import Roadmap
from runtime.figures import LatestFigures
from runtime.logs import configure
from runtime.opening import check_keys
from runtime.output import run
from runtime.ports import check_port
from runtime.settings import Settings, read_settings
from runtime.wiring import Parts, antivirus, assemble, connect, libreoffice

GRACE = 30  # seconds for requests at hand


def services(parts: Parts, gateway: Gateway, settings: Settings) -> Services:
    """What the web process gives its app."""
    token = settings.metrics.token
    copies = PdfCopies(libreoffice(settings), settings.pdf.cache_mib)

    def roadmap(name: str) -> Roadmap:
        if name not in parts.roadmaps:
            raise NotFound(f"there is no roadmap {name}")
        return parts.roadmaps[name]

    def now() -> datetime:
        return datetime.now(UTC)

    def process_now() -> datetime:
        offset = parts.desk.clock_offset() if parts.rehearsal else 0
        return now() + timedelta(seconds=offset)

    return Services(
        gateway=gateway,
        views=parts.views,
        desk=parts.desk,
        files=parts.files,
        read_people=read_people,
        roadmaps=roadmap,
        templates=DocxTemplates(parts.renderer),
        kinds={kind: parts.renderer.kind(kind) for kind in parts.renderer.kinds()},
        pdf_copy=copies.copy,
        made_copy=copies.made,
        scans=ScanChecks(antivirus(settings)),
        journal_file=journal_files(parts.renderer),
        pdf_begun=copies.begun,
        document_text=document_text,
        accounts=parts.accounts,
        now=now,
        figures=LatestFigures(parts.watch.counts, process_now),
        version=version("nastavnik"),
        metrics_token=token.get_secret_value() if token else None,
        rehearsal=parts.rehearsal,
    )


async def serve() -> None:
    """Serve until SIGTERM or SIGINT, which uvicorn heeds itself."""
    configure()
    settings = read_settings()
    parts = assemble(settings)
    check_port(settings.web.host, settings.web.port)
    client = await connect(settings, parts.payload_keys)
    await check_keys(parts.desk, client, parts.payload_keys)
    gateway = TemporalGateway(client, settings.temporal.task_queue)
    config = uvicorn.Config(
        create_app(services(parts, gateway, settings)),
        host=settings.web.host,
        port=settings.web.port,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )
    await uvicorn.Server(config).serve()


if __name__ == "__main__":
    run(serve)
