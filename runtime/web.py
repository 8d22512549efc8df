"""The web process: API and health, until it is told to stop."""

import asyncio
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.metadata import version

import uvicorn
from sqlalchemy.exc import OperationalError

from adapters.docx.as_text import document_text
from adapters.docx.templates import DocxTemplates
from adapters.journal_files import journal_files
from adapters.organisation_files import read_organisations
from adapters.pdf.copies import PdfCopies
from adapters.people_files import read_people
from adapters.report_files import read_report, report_file
from adapters.scans.checks import ScanChecks
from adapters.signatures.checker import SignatureChecker
from adapters.table_files import table_files, table_rules
from adapters.working_days import read_days
from api import sittings
from api.app import create_app
from api.authorising import tell
from api.gateway import Gateway, TemporalGateway
from api.problems import Unavailable
from api.services import Services
from domain.errors import NotFound
from domain.roadmap import Roadmap
from runtime.canary import Canary
from runtime.export import bundle_of
from runtime.figures import LatestFigures
from runtime.logs import configure
from runtime.opening import check_keys
from runtime.output import run
from runtime.ports import check_port
from runtime.settings import Settings, read_settings
from runtime.shipped import TEMPLATES
from runtime.wiring import (
    Parts,
    antivirus,
    assemble,
    check_roadmaps,
    connect,
    libreoffice,
)

PAUSE = 5.0  # seconds until documents are told again
GRACE = 30  # seconds for requests at hand


def services(parts: Parts, gateway: Gateway, settings: Settings, canary: Canary) -> Services:
    """What the web process gives its app."""
    token = settings.metrics.token
    tables = table_rules(TEMPLATES)
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
        report_file=report_file,
        read_report=read_report,
        read_organisations=read_organisations,
        roadmaps=roadmap,
        roadmap_names=lambda: tuple(parts.roadmaps),
        package_rules=parts.package_rules,
        templates=DocxTemplates(parts.renderer),
        known_kinds=parts.renderer.known_kinds(),
        kinds={kind: parts.renderer.kind(kind) for kind in parts.renderer.kinds()},
        pdf_copy=copies.copy,
        made_copy=copies.made,
        scans=ScanChecks(antivirus(settings)),
        signatures=SignatureChecker(settings.signing.authorities),
        journal_file=journal_files(parts.renderer),
        sheet_file=parts.renderer.render,
        table_file=table_files(tables),
        tables=tables,
        read_days=read_days,
        pdf_begun=copies.begun,
        document_text=document_text,
        accounts=parts.accounts,
        bundle=partial(bundle_of, parts),
        reads=parts.reads,
        log=parts.log,
        witness=parts.witness,
        now=now,
        figures=LatestFigures(parts.watch.counts, process_now),
        canary=canary.latest,
        version=version("nastavnik"),
        metrics_token=token.get_secret_value() if token else None,
        rehearsal=parts.rehearsal,
    )


async def finish_telling(services: Services, pause: float = PAUSE) -> None:
    """Tell open documents the rights and decisions that an earlier process recorded only.

    Tries until it is done, since database and Temporal may come up later than this process.
    """
    while True:
        try:
            offset = await asyncio.to_thread(services.clock_offset)
            await tell(services, offset, services.now() + timedelta(seconds=offset))
            return await sittings.tell(services.desk, services.gateway, offset)
        except (Unavailable, OperationalError):
            await asyncio.sleep(pause)


async def serve() -> None:
    """Serve until SIGTERM or SIGINT, which uvicorn heeds itself."""
    configure()
    settings = read_settings()
    check_roadmaps(settings.home.roadmaps)
    parts = assemble(settings)
    check_port(settings.web.host, settings.web.port)
    client = await connect(settings, parts.payload_keys)
    await check_keys(parts.desk, client, parts.payload_keys)
    gateway = TemporalGateway(client, settings.temporal.task_queue)
    canary = Canary(parts.files)
    given = services(parts, gateway, settings, canary)
    config = uvicorn.Config(
        create_app(given),
        host=settings.web.host,
        port=settings.web.port,
        ssl_certfile=settings.web.tls_cert,
        ssl_keyfile=settings.web.tls_key,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE,
    )
    beside = [
        asyncio.create_task(finish_telling(given)),
        asyncio.create_task(canary.keep_trying()),
    ]
    try:
        await uvicorn.Server(config).serve()
    finally:
        for task in beside:
            task.cancel()
        await asyncio.wait(beside)


if __name__ == "__main__":
    run(serve)
