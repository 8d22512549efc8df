"""The composition root: settings become ports, services and clients."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from adapters.docx.renderer import DocxRenderer
from adapters.files.filesystem import FilesystemFiles
from adapters.files.keyring import MasterKeys
from adapters.files.write_once import WriteOnceFiles
from adapters.log_keys import LogKeys
from adapters.package_rules import read_package_rules
from adapters.pdf.libreoffice import LibreOffice
from adapters.postgres.accounts import PostgresAccounts
from adapters.postgres.archive import PostgresArchive
from adapters.postgres.branches import PostgresBranchReports
from adapters.postgres.checkpoints import PostgresLog
from adapters.postgres.desk import PostgresDesk
from adapters.postgres.holds import PostgresHolds
from adapters.postgres.ledger import PostgresLedger
from adapters.postgres.reads import PostgresReads
from adapters.postgres.recovery import PostgresRecovery
from adapters.postgres.row_nights import PostgresRowNights
from adapters.postgres.session import engine_for
from adapters.postgres.verification import PostgresVerifications
from adapters.postgres.views import PostgresViews
from adapters.postgres.watch import PostgresWatch
from adapters.postgres.witnesses import PostgresWitness
from adapters.postgres.yearly import PostgresYearly
from adapters.roadmap_files import read_roadmap
from adapters.scans.clamd import Clamd
from domain.errors import BadRoadmap
from domain.kinds import DocumentKind
from domain.packages import PaperRule
from domain.roadmap import Roadmap
from runtime.settings import Settings, WrongCall
from runtime.shipped import PACKAGES, TEMPLATES, roadmap_files

if TYPE_CHECKING:  # a command loads the clients of Temporal and S3 only if it asks these servers
    from temporalio.client import Client
    from temporalio.runtime import Runtime

    from adapters.files.minio import MinioFiles


class StoreUnfit(WrongCall):
    """The store cannot keep documents as it must; the message says why."""


@dataclass(frozen=True)
class Parts:
    """What a process is made of."""

    engine: Engine
    ledger: PostgresLedger
    branch_reports: PostgresBranchReports
    desk: PostgresDesk
    views: PostgresViews
    watch: PostgresWatch
    archive: PostgresArchive
    log: PostgresLog
    witness: PostgresWitness
    recovery: PostgresRecovery
    yearly: PostgresYearly
    accounts: PostgresAccounts
    reads: PostgresReads
    row_nights: PostgresRowNights
    holds: PostgresHolds
    verifications: PostgresVerifications
    files: WriteOnceFiles
    renderer: DocxRenderer
    kinds: Mapping[str, DocumentKind]
    package_rules: tuple[PaperRule, ...]
    payload_keys: MasterKeys
    rehearsal: bool
    own_roadmaps: Path | None

    @cached_property
    def roadmaps(self) -> Mapping[str, Roadmap]:
        """The library, by name."""
        return library(self.renderer, self.own_roadmaps)

    def find_roadmap(self, name: str) -> Roadmap | None:
        """The roadmap of the library with this name, which is read when it is first needed."""
        return self.roadmaps.get(name)

    def close(self) -> None:
        """End the connections to the database."""
        self.engine.dispose()


def library(renderer: DocxRenderer, own: Path | None = None) -> Mapping[str, Roadmap]:
    """The roadmaps that come with the program and those of the folder `own`, by name.

    Raises `BadRoadmap`, also if two have one name, and `WrongCall`.
    """
    kinds = renderer.known_kinds()
    found: dict[str, Roadmap] = {}
    for path in roadmap_files(own):
        roadmap = read_roadmap(path, kinds)
        if roadmap.roadmap in found:
            raise BadRoadmap(f"{path}:1: дорожная карта «{roadmap.roadmap}» уже есть")
        found[roadmap.roadmap] = roadmap
    return found


def check_roadmaps(own: Path | None) -> str:
    """Read the roadmaps of the folder `own`: a mistake there is told at the start, not by the first
    launch. How many there are, in words. Raises `WrongCall`.
    """
    if own is None:
        return "только те, что поставляются со службой"
    try:
        library(DocxRenderer(TEMPLATES), own)
    except BadRoadmap as error:
        raise WrongCall(f"NASTAVNIK_ROADMAPS: исправьте дорожные карты. {error}") from error
    return f"своих: {len(tuple(own.glob('*.yaml')))}, все исправны"


def assemble(settings: Settings) -> Parts:
    """All parts over the servers that the settings name. Raises `WrongCall` if one is missing."""
    url, master, payload = (
        settings.database.app_url,
        settings.secret.master_key,
        settings.secret.payload_key,
    )
    if url is None or master is None or payload is None:
        raise WrongCall(
            "Этому процессу нужны NASTAVNIK_DATABASE_APP_URL, NASTAVNIK_MASTER_KEY и "
            "NASTAVNIK_PAYLOAD_KEY; без серверов запускает nastavnik up."
        )
    keys = MasterKeys.from_text(master.get_secret_value())
    engine = engine_for(url, keys)
    renderer = DocxRenderer(TEMPLATES)
    kinds = {kind: renderer.kind(kind) for kind in renderer.kinds()}
    fields = {kind: renderer.fields(kind) for kind in renderer.kinds()}
    return Parts(
        engine=engine,
        ledger=PostgresLedger(engine, keys, kinds, fields, renderer.ours),
        branch_reports=PostgresBranchReports(engine),
        desk=PostgresDesk(engine, keys),
        views=PostgresViews(engine, kinds),
        watch=PostgresWatch(engine),
        archive=PostgresArchive(engine),
        log=PostgresLog(engine, LogKeys(keys)),
        witness=PostgresWitness(engine, LogKeys(keys)),
        recovery=PostgresRecovery(engine),
        yearly=PostgresYearly(engine),
        accounts=PostgresAccounts(engine),
        reads=PostgresReads(engine),
        row_nights=PostgresRowNights(engine),
        holds=PostgresHolds(engine, kinds),
        verifications=PostgresVerifications(engine),
        files=open_files(settings),
        renderer=renderer,
        kinds=kinds,
        package_rules=read_package_rules(PACKAGES),
        payload_keys=MasterKeys.from_text(payload.get_secret_value()),
        rehearsal=settings.home.rehearsal,
        own_roadmaps=settings.home.roadmaps,
    )


def open_files(settings: Settings) -> WriteOnceFiles:
    """The store that the settings name. An S3 store is not asked for anything yet."""
    return _s3_files(settings) or FilesystemFiles(settings.files)


def libreoffice(settings: Settings) -> LibreOffice:
    """What makes PDF copies; it need not be installed."""
    pdf = settings.pdf
    return LibreOffice(pdf.program, pdf.seconds, pdf.memory_mib)


def antivirus(settings: Settings) -> Clamd | None:
    """What looks for viruses; none if no address is set."""
    clamav = settings.clamav
    return Clamd(clamav.address, clamav.seconds) if clamav.address else None


def prepare_files(settings: Settings) -> None:
    """Make the S3 store's bucket if it is missing; harmless if it is there or there is no S3 store.

    Object lock is for real documents: a rehearsal's bucket has none. Raises `StoreUnfit` if the
    bucket that is there is of the other kind or lets kept bytes be replaced, and `OSError` if the
    store does not answer.
    """
    files = _s3_files(settings)
    if files is None:
        return
    from adapters.files.minio import BucketUnfit  # noqa: PLC0415

    try:
        files.ensure_bucket()
    except BucketUnfit as error:
        raise StoreUnfit(str(error)) from error


def _s3_files(settings: Settings) -> "MinioFiles | None":
    store = settings.store
    if store.endpoint is None or store.access_key is None or store.secret_key is None:
        return None
    from adapters.files.minio import Bucket, MinioFiles  # noqa: PLC0415

    bucket = Bucket(
        endpoint=store.endpoint,
        name=store.bucket,
        access_key=store.access_key,
        secret_key=store.secret_key,
        region=store.region,
        secure=store.secure,
    )
    return MinioFiles(bucket, None if settings.home.rehearsal else timedelta(days=store.lock_days))


async def connect(
    settings: Settings, payload_keys: MasterKeys, runtime: "Runtime | None" = None
) -> "Client":
    """A client that encrypts every payload. Raises `WrongCall` without an address."""
    address = settings.temporal.address
    if address is None:
        raise WrongCall("Этому процессу нужен NASTAVNIK_TEMPORAL_ADDRESS.")
    from temporalio.client import Client  # noqa: PLC0415

    from runtime.codec import data_converter  # noqa: PLC0415

    return await Client.connect(
        address,
        namespace=settings.temporal.namespace,
        data_converter=data_converter(payload_keys),
        runtime=runtime,
    )
