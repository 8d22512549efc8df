"""Templates and layout of the organisation: upload, list, try out, compare.

None is `async`: a child process reads templates from outside, and is waited for in a thread.
"""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response

from api import templating
from api.deps import Acting, Reader, ServicesOf
from api.downloads import DOCX_ANSWER, file_answer
from api.guard import Guarded, GuardedUpload
from api.template_schemas import KindLine, Kinds, KindTemplates, Layout, TemplateKept
from api.uploads import DOCX, TEMPLATE_BODY, TemplateFile
from domain.layout_settings import LayoutSettings
from domain.templates import TemplateDifference

router = APIRouter(tags=["templates"], route_class=Guarded)
uploads = APIRouter(tags=["templates"], route_class=GuardedUpload)

KindName = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
VersionNumber = Annotated[int, Path(ge=0, le=10_000)]
Compared = Annotated[int, Query(ge=0, le=10_000)]
ActiveFrom = Annotated[
    date | None, Query(description="С какого дня по нему составляют проекты; сегодня")
]


@router.get("/templates", name="templates.kinds")
def kinds(services: ServicesOf) -> Kinds:
    """All kinds of documents, by title."""
    lines = (KindLine(kind=kind, title=one.title) for kind, one in services.kinds.items())
    return Kinds(kinds=tuple(sorted(lines, key=lambda line: line.title)))


@uploads.post("/templates/{kind}", name="templates.upload", openapi_extra=TEMPLATE_BODY)
def upload(
    kind: KindName, template: TemplateFile, act: Acting, active_from: ActiveFrom = None
) -> TemplateKept:
    """Take a changed template (DOCX, the raw body) as the next version; all mistakes are listed."""
    return templating.keep(act, kind, template.content, active_from)


@router.get("/templates/{kind}", name="templates.list")
def versions(kind: KindName, services: ServicesOf, user: Reader) -> KindTemplates:
    """The versions of a kind's template, which is in force, and the facts that it may use."""
    return templating.listed(services, user, kind)


@router.get(
    "/templates/{kind}/versions/{version}/file", name="templates.file", responses=DOCX_ANSWER
)
def file(kind: KindName, version: VersionNumber, services: ServicesOf, user: Reader) -> Response:
    """The template to be changed in Word; version 0 is the one that came with the program."""
    content = templating.file(services, user, kind, version)
    return file_answer(content, f"Шаблон {kind}, версия {version}.docx", DOCX)


@router.get(
    "/templates/{kind}/versions/{version}/preview", name="templates.preview", responses=DOCX_ANSWER
)
def preview(kind: KindName, version: VersionNumber, services: ServicesOf, user: Reader) -> Response:
    """A document of example facts, marked as a sample."""
    content = templating.file(services, user, kind, version)
    sample = services.templates.preview(kind, content)
    return file_answer(sample, f"Образец {kind}, версия {version}.docx", DOCX)


@router.get("/templates/{kind}/difference", name="templates.difference")
def difference(
    kind: KindName, old: Compared, new: Compared, services: ServicesOf, user: Reader
) -> TemplateDifference:
    """How one version differs from another: paragraphs, cells, facts."""
    before, after = (templating.file(services, user, kind, version) for version in (old, new))
    return services.templates.difference(kind, before, after)


@router.get("/layout-settings", name="layout.get")
def layout(services: ServicesOf, user: Reader) -> LayoutSettings:
    """The organisation's layout; null means as the templates have it."""
    return services.views.layout(user.organisation_id)


@router.post("/layout-settings", name="layout.set")
def set_layout(body: Layout, act: Acting) -> LayoutSettings:
    """Set the layout of documents that are drafted from now on by templates of ours."""
    return templating.keep_layout(act, body)
