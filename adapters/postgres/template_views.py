"""What is read of an organisation's templates and layout."""

from sqlalchemy import text

from adapters.postgres import templates
from adapters.postgres.access_views import AccessViews, one_of, rows_of
from domain.layout_settings import LayoutSettings
from domain.templates import TemplateVersion

_VERSIONS = text(
    """
    SELECT kind, version, sha256, active_from, uploaded_by, at FROM template_versions
    WHERE organisation_id = :organisation AND kind = :kind ORDER BY version
    """
)
_VERSION = text(
    """
    SELECT f.content FROM template_versions v JOIN template_files f USING (organisation_id, sha256)
    WHERE organisation_id = :organisation AND v.kind = :kind AND v.version = :version
    """
)


class TemplateViews(AccessViews):
    """The templates that an organisation uploaded, and its layout."""

    def templates(self, organisation_id: str, kind: str) -> tuple[TemplateVersion, ...]:
        """All versions of a kind's template, the first first."""
        with self._engine.connect() as connection:
            rows = rows_of(connection, _VERSIONS, organisation_id, kind=kind)
        return tuple(TemplateVersion.model_validate(dict(row)) for row in rows)

    def template(self, organisation_id: str, kind: str, version: int) -> bytes:
        """The file of a version."""
        given = {"kind": kind, "version": version}
        with self._engine.connect() as connection:
            row = one_of(connection, _VERSION, organisation_id, "version of a template", **given)
        return bytes(row["content"])

    def layout(self, organisation_id: str) -> LayoutSettings:
        """The organisation's layout; without one, that of the templates."""
        with self._engine.connect() as connection:
            return templates.layout(connection, organisation_id)
