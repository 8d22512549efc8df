"""Templates and layout of an organisation: new versions, and what a document is made of."""

import hashlib
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, text

from activities.ports import Template
from activities.tasks import LayoutUpload, TemplateUpload
from adapters.postgres import log
from adapters.postgres.rows import Known, put
from adapters.postgres.tables import LayoutSettingsRow, TemplateFileRow, TemplateVersionRow
from domain import ids
from domain.audit import AuditEvent
from domain.errors import NotFound
from domain.layout_settings import LayoutSettings
from domain.templates import TemplateVersion

Ours = Callable[[str, LayoutSettings], bytes]
"""The template of a kind that came with the program, with a layout laid over it."""

_SAME_UPLOAD = text(
    "SELECT kind, version, sha256, active_from, uploaded_by, at FROM template_versions "
    "WHERE organisation_id = :organisation AND upload_id = :upload"
)
_LAST_VERSION = text(
    "SELECT coalesce(max(version), 0) FROM template_versions "
    "WHERE organisation_id = :organisation AND kind = :kind"
)
_IN_FORCE = text(
    """
    SELECT f.sha256
    FROM template_versions v JOIN template_files f USING (organisation_id, sha256)
      JOIN organisations o USING (organisation_id)
    WHERE organisation_id = :organisation AND v.kind = :kind
      AND v.active_from <= CAST(CAST(:now AS timestamptz) AT TIME ZONE o.time_zone AS date)
    ORDER BY v.version DESC LIMIT 1
    """
)
_HAS_FILE = text(
    "SELECT 1 FROM template_files WHERE organisation_id = :organisation AND sha256 = :sha256"
)
_FILE = text(
    "SELECT content, ours FROM template_files "
    "WHERE organisation_id = :organisation AND sha256 = :sha256"
)
_LAYOUT = text(
    """
    SELECT version, upload_id, settings FROM layout_settings
    WHERE organisation_id = :organisation ORDER BY version DESC LIMIT 1
    """
)
_SAME_LAYOUT = text(
    "SELECT 1 FROM layout_settings WHERE organisation_id = :organisation AND upload_id = :upload"
)


def keep(connection: Connection, upload: TemplateUpload, content: bytes) -> TemplateVersion:
    """Keep a version and its event; the same one if it was kept before.

    The caller holds the organisation's lock, so versions are counted without a gap.
    """
    organisation = {"organisation": upload.organisation_id}
    same = {**organisation, "upload": upload.id}
    known = connection.execute(_SAME_UPLOAD, same).mappings().one_or_none()
    if known is not None:
        return TemplateVersion.model_validate(dict(known))
    last = connection.execute(_LAST_VERSION, {**organisation, "kind": upload.kind}).scalar_one()
    version = TemplateVersion(
        kind=upload.kind,
        version=last + 1,
        sha256=_keep_file(connection, upload.organisation_id, content, ours=False),
        active_from=upload.active_from,
        uploaded_by=upload.uploaded_by,
        at=upload.at,
    )
    row = {
        **version.model_dump(mode="json"),
        "organisation_id": upload.organisation_id,
        "upload_id": upload.id,
    }
    put(connection, TemplateVersionRow, [row], Known.IS_AN_ERROR)
    event = AuditEvent(
        subject=ids.template_subject(upload.organisation_id, upload.kind),
        n=version.version,
        action="template_uploaded",
        actor=upload.uploaded_by,
        at=upload.at,
        version=version.version,
        sha256=version.sha256,
        refs={"kind": upload.kind, "active_from": upload.active_from.isoformat()},
    )
    log.append(connection, upload.organisation_id, [event], None)
    return version


def keep_layout(connection: Connection, upload: LayoutUpload) -> None:
    """Keep a layout and its event, unless it was kept before; the caller holds the lock."""
    organisation = {"organisation": upload.organisation_id}
    if connection.execute(_SAME_LAYOUT, {**organisation, "upload": upload.id}).one_or_none():
        return
    last = connection.execute(_LAYOUT, organisation).one_or_none()
    version = (last.version if last else 0) + 1
    row = {
        "organisation_id": upload.organisation_id,
        "version": version,
        "upload_id": upload.id,
        "settings": upload.settings.model_dump(mode="json"),
        "uploaded_by": upload.uploaded_by,
        "at": upload.at.isoformat(),
    }
    put(connection, LayoutSettingsRow, [row], Known.IS_AN_ERROR)
    event = AuditEvent(
        subject=ids.layout_subject(upload.organisation_id),
        n=version,
        action="layout_changed",
        actor=upload.uploaded_by,
        at=upload.at,
        version=version,
        sha256=hashlib.sha256(upload.settings.model_dump_json().encode()).hexdigest(),
    )
    log.append(connection, upload.organisation_id, [event], None)


def pinned(connection: Connection, organisation: str, kind: str, now: datetime, ours: Ours) -> str:
    """The SHA-256 of the template that a document drafted now is made of, kept for good.

    So later versions, another layout or a new release of the program change no document that was
    drafted before.
    """
    given = {"organisation": organisation, "kind": kind, "now": now}
    found = connection.execute(_IN_FORCE, given).one_or_none()
    if found is not None:
        return str(found.sha256)
    return _keep_file(connection, organisation, ours(kind, layout(connection, organisation)))


def file(connection: Connection, organisation: str, sha256: str) -> Template:
    """A kept template. Raises `NotFound`."""
    given = {"organisation": organisation, "sha256": sha256}
    found = connection.execute(_FILE, given).one_or_none()
    if found is None:
        raise NotFound(f"no template {sha256}")
    return Template(sha256=sha256, content=bytes(found.content), ours=found.ours)


def layout(connection: Connection, organisation: str) -> LayoutSettings:
    """The organisation's layout; that of the templates if it set none."""
    found = connection.execute(_LAYOUT, {"organisation": organisation}).one_or_none()
    return LayoutSettings.model_validate(found.settings) if found else LayoutSettings()


def _keep_file(
    connection: Connection, organisation: str, content: bytes, *, ours: bool = True
) -> str:
    sha256 = hashlib.sha256(content).hexdigest()
    known = {"organisation": organisation, "sha256": sha256}
    if connection.execute(_HAS_FILE, known).one_or_none() is None:
        row = {
            "organisation_id": organisation,
            "sha256": sha256,
            "content": f"\\x{content.hex()}",
            "ours": ours,
        }
        put(connection, TemplateFileRow, [row], Known.STAYS)
    return sha256
