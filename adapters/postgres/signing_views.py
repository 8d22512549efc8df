"""Whose signatures a document wants, and whose it has: read anew each time, for rights change."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, RowMapping, text

from adapters.postgres import authority
from adapters.postgres.access_views import one_of, rows_of
from adapters.postgres.form_views import FormViews
from adapters.postgres.names import Names
from adapters.postgres.shown_document import SignatureLine
from domain.documents import DocumentState
from domain.kinds import DocumentKind
from domain.roadmap import Roadmap
from domain.signatories import Signatory, SignaturePlace

_TITLES: Final[Mapping[str, str]] = {
    "director": "Руководитель",
    "curator": "Куратор",
    "mentor": "Наставник",
    "mentee": "Наставляемый",
    "person": "Участник программы",
    "representative": "Законный представитель",
    "mentor_representative": "Законный представитель наставника",
    "mentee_representative": "Законный представитель наставляемого",
    "chair": "Председатель",
    "secretary": "Секретарь",
    "reviewer": "Рецензент",
    "head_of_inspected": "Руководитель проверенной организации",
}
_REPRESENTED: Final[Mapping[str, str]] = {
    "person": "representative",
    "mentor": "mentor_representative",
    "mentee": "mentee_representative",
}
"""The fact that says who acts for a minor, or beside him."""

_DOCUMENT = text(
    """
    SELECT d.kind, d.person_id, r.mentor_id, r.mentee_id, l.holders, l.roadmap, f.body AS facts,
      (SELECT person_id FROM users u
        WHERE u.organisation_id = d.organisation_id AND u.role = 'director'
          AND u.person_id IS NOT NULL AND u.revoked_at IS NULL
        ORDER BY u.created_at DESC, u.id LIMIT 1) AS head
    FROM documents d
    JOIN programmes l ON l.cycle_id = d.cycle_id
    LEFT JOIN pairs r ON r.pair_id = d.pair_id
    LEFT JOIN facts f ON f.facts_id = d.facts_id
    WHERE d.organisation_id = :organisation AND d.document_id = :document
    """
)
_PEOPLE = text(
    """
    SELECT id, last, first, patronymic, representative_id FROM people
    WHERE organisation_id = :organisation AND id = ANY(:ids)
    """
)


class SigningViews(FormViews):
    """Electronic signatures of documents."""

    def signature_places(
        self, organisation_id: str, document_id: str, now: datetime
    ) -> tuple[SignaturePlace, ...]:
        """The lines of a document's present version that want a signature, and who may sign each
        at this moment. None if the kind is signed on paper only, or is not known.
        """
        with self._engine.connect() as connection:
            found = one_of(connection, _DOCUMENT, organisation_id, "document", document=document_id)
            kind = self._kinds.get(found["kind"])
            if kind is None or kind.electronic is None:
                return ()
            return _Paper(connection, organisation_id, found, kind, now).places()


def signature_lines(state: DocumentState, names: Names) -> tuple[SignatureLine, ...]:
    """The lines of a document that is, or begins to be, signed electronically; and who has signed
    them.
    """
    signed = {
        place: (n, one.sha256, signer.person_id)
        for n, one in enumerate(state.signatures, start=1)
        for signer in one.signers
        for place in signer.places
    }
    return tuple(
        SignatureLine(
            place=place,
            title=_TITLES.get(place, place),
            signer=names.of_any(person),
            file=n,
            sha256=sha256,
        )
        for place in state.wanted
        for n, sha256, person in (signed.get(place, (None, None, None)),)
    )


class _Paper:
    """One version of a document, and who stands on its signature lines."""

    def __init__(
        self,
        connection: Connection,
        organisation_id: str,
        row: RowMapping,
        kind: DocumentKind,
        now: datetime,
    ) -> None:
        self._connection = connection
        self._organisation = organisation_id
        self._row = row
        self._kind = kind
        self._now = now
        self._facts: Mapping[str, Any] = json.loads(row["facts"] or "{}")

    def places(self) -> tuple[SignaturePlace, ...]:
        signers = self._kind.signers
        minors = {role: self._minor_signs(role) for role in _REPRESENTED}
        wanted: dict[str, list[str]] = {}
        for role in signers:
            if role == "representative":
                # Of somebody who has come of age, the paper has no such line.
                if self._facts.get(role):
                    wanted[role] = self._represents(self._row["person_id"])
                continue
            own = self._holders(role)
            beside = _REPRESENTED.get(role, "")
            signs = minors.get(role)
            if signs is None:
                wanted[role] = own
            elif beside in signers:
                # Under 14 the representative acts alone (ГК РФ, ст. 28).
                wanted |= {role: own} if signs else {}
            elif role == "person":
                # One of the two suffices, where the kind does not name both.
                wanted[role] = [*(own if signs else ()), *self._represents(own[0])]
            else:
                wanted |= {role: own} if signs else {}
                wanted[beside] = self._represents(own[0])
        return self._named(wanted)

    def _minor_signs(self, role: str) -> bool | None:
        """Whether the minor signs too, as the version was drafted; None: no minor."""
        known = self._facts.get(_REPRESENTED[role])
        return bool(known["minor_signs"]) if known else None

    def _holders(self, role: str) -> list[str]:
        holders: Mapping[str, str] = self._row["holders"]
        curator = Roadmap.model_validate(self._row["roadmap"]).curator
        match role:
            case "mentor" | "mentee":
                return _known(self._row[f"{role}_id"])
            case "person":
                return _known(self._row["person_id"])
            case "director" | "chair":
                # Papers call the head of the organisation the chair (the fact `chair`).
                return self._deciders(holders.get("director") or self._row["head"])
            case "curator":
                return _known(holders.get(curator))
            case "secretary":
                return _known(holders.get("secretary") or holders.get(curator))
            case _:
                return []  # somebody of another organisation

    def _deciders(self, holder: str | None) -> list[str]:
        """Whoever has the right of that person now."""
        if holder is None:
            return []
        known = authority.mandates(self._connection, self._organisation, self._now)
        found = known.deciders(holder, self._kind.kind, self._now)
        return [one.person_id for one in found]

    def _represents(self, person_id: str | None) -> list[str]:
        rows = self._people([person_id] if person_id else [])
        return [str(row["representative_id"]) for row in rows if row["representative_id"]]

    def _people(self, ids: Iterable[str]) -> list[RowMapping]:
        return rows_of(self._connection, _PEOPLE, self._organisation, ids=sorted(set(ids)))

    def _named(self, wanted: Mapping[str, list[str]]) -> tuple[SignaturePlace, ...]:
        rows = self._people(person for people in wanted.values() for person in people)
        parts = ("last", "first", "patronymic")
        names = {row["id"]: " ".join(row[part] for part in parts if row[part]) for row in rows}
        return tuple(
            SignaturePlace(
                id=place,
                title=_TITLES.get(place, place),
                # A body has no signature of its own.
                people=tuple(
                    Signatory(person_id=one, name=names[one]) for one in people if one in names
                ),
            )
            for place, people in wanted.items()
        )


def _known(person_id: str | None) -> list[str]:
    return [person_id] if person_id else []
