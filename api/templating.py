"""What the API does with templates: takes checked ones, gives each version out, tries it out."""

from datetime import date

from activities.tasks import LayoutUpload, TemplateUpload
from api.act import Act
from api.routes.reading import User
from api.services import Services
from api.template_schemas import KindTemplates, TemplateKept
from domain import ids
from domain.errors import BadDate, BadTemplate
from domain.layout_settings import LayoutSettings
from domain.templates import OURS

MOST_LINES = 50
"""Problems of a template that an answer tells."""


def keep(act: Act, kind: str, content: bytes, active_from: date | None) -> TemplateKept:
    """Check a template and keep it as the kind's next version.

    Raises `NotFound` for an unknown kind, `BadUpload` for a file that is no safe DOCX,
    `BadTemplate` with all its mistakes, `BadDate` for a day that has gone.
    """
    organisation = act.user.organisation_id
    today = act.services.today(organisation)
    if active_from is not None and active_from < today:
        raise BadDate(f"a template is in force from {today} on, not from {active_from}")
    found = act.services.templates.check(kind, content)
    if not found.ok:
        lines = [str(one) for one in found.errors]
        more = [f"и ещё {len(lines) - MOST_LINES}"] if len(lines) > MOST_LINES else []
        raise BadTemplate("\n".join((f"Ошибок: {len(lines)}", *lines[:MOST_LINES], *more)))
    upload = TemplateUpload(
        id=ids.derived_id(act.request_id, "template"),
        organisation_id=organisation,
        kind=kind,
        active_from=active_from or today,
        uploaded_by=act.user.id,
        at=act.now,
    )
    version = act.services.desk.keep_template(upload, content)
    return TemplateKept(version=version, warnings=tuple(str(one) for one in found.warnings))


def keep_layout(act: Act, settings: LayoutSettings) -> LayoutSettings:
    """Keep the organisation's layout; documents drafted from now on have it."""
    said = LayoutSettings(**dict(settings))
    upload = LayoutUpload(
        id=ids.derived_id(act.request_id, "layout"),
        organisation_id=act.user.organisation_id,
        settings=said,
        uploaded_by=act.user.id,
        at=act.now,
    )
    act.services.desk.keep_layout(upload)
    return said


def listed(services: Services, user: User, kind: str) -> KindTemplates:
    """The versions of a kind's template, and the facts that it may use. Raises `NotFound`."""
    fields = services.templates.fields(kind)
    today = services.today(user.organisation_id)
    versions = services.views.templates(user.organisation_id, kind)
    in_force = max((one.version for one in versions if one.active_from <= today), default=OURS)
    return KindTemplates(kind=kind, in_force=in_force, on=today, versions=versions, fields=fields)


def file(services: Services, user: User, kind: str, version: int) -> bytes:
    """The file of a version, or ours with the organisation's layout. Raises `NotFound`."""
    if version == OURS:
        return services.templates.ours(kind, services.views.layout(user.organisation_id))
    return services.views.template(user.organisation_id, kind, version)
