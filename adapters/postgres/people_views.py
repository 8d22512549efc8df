"""What is read of people and bodies: who they are, and how their names are declined."""

from sqlalchemy import text

from adapters.postgres.access_views import one_of, rows_of
from adapters.postgres.names import Names, short_name
from adapters.postgres.reads import named
from adapters.postgres.shown import BodyLine, NameQuestion, NamesView, PersonLine
from adapters.postgres.template_views import TemplateViews
from domain.names import CASES, NameForms

_PEOPLE = text("SELECT * FROM people WHERE organisation_id = :organisation ORDER BY sort_key, id")
_NAMES = text("SELECT name_forms FROM people WHERE organisation_id = :organisation AND id = :id")
_QUESTIONS = text(
    """
    WITH sides AS (
      SELECT mentor_id AS id FROM pairs WHERE organisation_id = :organisation AND open
      UNION SELECT mentee_id FROM pairs WHERE organisation_id = :organisation AND open
    ), taking_part AS (
      SELECT id FROM sides
      UNION SELECT p.representative_id FROM people p JOIN sides s ON s.id = p.id
      UNION SELECT h.value FROM programmes l
        LEFT JOIN processes c ON c.id = 'cycle/' || l.cycle_id,
        jsonb_each_text(l.holders) AS h
        WHERE l.organisation_id = :organisation AND c.stage IS DISTINCT FROM 'closed'
    )
    SELECT p.id, p.name_forms, p.birth_date FROM people p JOIN taking_part t ON t.id = p.id
    WHERE p.organisation_id = :organisation AND p.name_forms -> 'unsure' <> '[]'
    ORDER BY p.sort_key, p.id
    """
)
_BODIES = text(
    "SELECT id, code, name FROM bodies WHERE organisation_id = :organisation ORDER BY name, id"
)


class PeopleViews(TemplateViews):
    """The people and bodies of an organisation."""

    def people(self, organisation_id: str) -> tuple[PersonLine, ...]:
        """All people of the organisation's list, by name; most who ask look for one of them only,
        so no read is noted here.
        """
        with self._engine.connect() as connection:
            rows = rows_of(connection, _PEOPLE, organisation_id)
        return tuple(
            PersonLine(
                **{name: row[name] for name in ("id", "code", "roles", "post", "birth_date")},
                experience_years=row["experience_years"],
                name=short_name(row["name_forms"]),
                sure=not row["name_forms"]["unsure"],
            )
            for row in rows
        )

    def names(self, organisation_id: str, person_id: str) -> NamesView:
        """How a person's name is declined."""
        with self._engine.connect() as connection:
            row = one_of(connection, _NAMES, organisation_id, "person", id=person_id)
            forms = NameForms.model_validate(row["name_forms"])
            names = Names(connection, organisation_id, [forms.corrected_by])
        by = names.of_any(forms.corrected_by)
        return NamesView(person_id=person_id, forms=forms, corrected_by=by)

    def name_questions(self, organisation_id: str) -> tuple[NameQuestion, ...]:
        """Doubtful names of those who take part in an open pair or cycle; none once answered."""
        with self._engine.connect() as connection:
            rows = rows_of(connection, _QUESTIONS, organisation_id)
        for row in rows:
            named(row["id"], row["birth_date"])
        return tuple(
            _question(row["id"], NameForms.model_validate(row["name_forms"])) for row in rows
        )

    def bodies(self, organisation_id: str) -> tuple[BodyLine, ...]:
        """All bodies of the organisation."""
        with self._engine.connect() as connection:
            return tuple(BodyLine(**row) for row in rows_of(connection, _BODIES, organisation_id))


def _question(person_id: str, forms: NameForms) -> NameQuestion:
    return NameQuestion(
        person_id=person_id,
        title=f"Как склоняется «{forms.nomn.full}»?",
        unsure=forms.unsure,
        guess={case: forms.form(case).full for case in CASES},
    )
