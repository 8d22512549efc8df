"""The desk in PostgreSQL: what the API writes itself."""

import json
import secrets
from datetime import UTC, datetime

from sqlalchemy import text

from activities import tasks
from adapters.passwords import token_sha256
from adapters.postgres import (
    acquaintances,
    authority,
    calendars,
    enrolling,
    grounds,
    launching,
    log,
    numbers,
    templates,
)
from adapters.postgres.event_desk import PostgresEvents
from adapters.postgres.indicator_desk import PostgresIndicators
from adapters.postgres.kept_rows import COUNTED
from adapters.postgres.organisations import PostgresOrganisations
from adapters.postgres.retention import PostgresRetention
from adapters.postgres.roadmap_desk import PostgresRoadmaps
from adapters.postgres.rows import Known, change, open_sums, put
from adapters.postgres.sitting_desk import PostgresSittings, lock_organisation
from adapters.postgres.tables import OrganisationRow, UserRow
from adapters.postgres.texts import keep_text
from adapters.postgres.verification import PostgresIncidentDesk
from adapters.postgres.yearly import PostgresYearlyDesk
from domain import ids
from domain.enrolment import Enrolment
from domain.errors import KeyReused, LoginTaken, StillWorking
from domain.grounds import Ground, GroundEnd
from domain.journals import Line
from domain.names import NameCorrection
from domain.organisations import time_zone_of
from domain.people import AccessRole
from domain.templates import TemplateVersion

TOKEN_PREFIX = "nst_"  # noqa: S105 - what a token begins with, so that scanners know it
EVERYBODY = "*"

# Claims and answers only spare work: a request whose claim a power cut took is done again, once
# (`api/idempotency.py`). So nobody waits until they have reached the disk.
_NO_WAIT = "(SELECT set_config('synchronous_commit', 'off', true)) AS no_wait"
_CLAIM = text(
    f"""
    INSERT INTO api_requests (organisation_id, user_id, key, route, body_sha256)
    SELECT :organisation_id, :user_id, :key, :route, :body_sha256 FROM {_NO_WAIT}
    ON CONFLICT DO NOTHING
    """  # noqa: S608 - a constant of ours
)
_CLAIMED = text(
    """
    SELECT route, body_sha256, status, body,
      claimed_at < clock_timestamp() - interval '1 minute' AS forsaken
    FROM api_requests
    WHERE organisation_id = :organisation_id AND user_id = :user_id AND key = :key
    FOR UPDATE
    """
)
_CLAIM_ANEW = text(
    """
    UPDATE api_requests SET claimed_at = clock_timestamp()
    WHERE organisation_id = :organisation_id AND user_id = :user_id AND key = :key
    """
)
_ANSWER = text(
    f"""
    UPDATE api_requests SET status = :status, body = CAST(:body AS json) FROM {_NO_WAIT}
    WHERE organisation_id = :organisation_id AND user_id = :user_id AND key = :key
    """  # noqa: S608 - a constant of ours
)
_DROP = text(
    """
    DELETE FROM api_requests
    WHERE organisation_id = :organisation_id AND user_id = :user_id AND key = :key
      AND status IS NULL
    """
)
_CLOCK = text("SELECT coalesce(max(seconds), 0) FROM clock WHERE organisation_id = :everybody")
_MOVE_CLOCK = text(
    """
    INSERT INTO clock (organisation_id, seconds) VALUES (:everybody, :seconds)
    ON CONFLICT (organisation_id) DO UPDATE SET seconds = greatest(clock.seconds, excluded.seconds)
    """
)


class PostgresDesk(
    PostgresSittings,
    PostgresIncidentDesk,
    PostgresRetention,
    PostgresOrganisations,
    PostgresIndicators,
    PostgresEvents,
    PostgresRoadmaps,
    PostgresYearlyDesk,
):
    """`Desk` over an engine of the application's role."""

    def add_organisation(
        self,
        organisation_id: str,
        *,
        name: str,
        short_name: str,
        address: str,
        inn: str,
        city: str,
        time_zone: str,
    ) -> None:
        """Take an organisation in, unless it is known.

        Raises `zoneinfo.ZoneInfoNotFoundError` for an unknown time zone.
        """
        row = {
            "organisation_id": organisation_id,
            "name": name,
            "short_name": short_name,
            "address": address,
            "inn": inn,
            "city": city,
            "time_zone": time_zone_of(time_zone),
        }
        with self._engine.begin() as connection:
            open_sums(connection, organisation_id, COUNTED)
            put(connection, OrganisationRow, [row], Known.STAYS)
            log.open_log(connection, organisation_id)

    def add_user(
        self,
        organisation_id: str,
        role: AccessRole,
        person_id: str | None = None,
        login: str | None = None,
    ) -> str:
        """Open an account; returns its token, which is kept nowhere and shown this once.

        With a login it may be given a password (`PostgresAccounts.reset_password`). Raises
        `NotFound` if the organisation has no such person, `LoginTaken`.
        """
        token = TOKEN_PREFIX + secrets.token_urlsafe(32)
        row = {
            "id": ids.new_id(),
            "organisation_id": organisation_id,
            "role": role,
            "person_id": person_id,
            "token_sha256": token_sha256(token),
            "login": login,
            "password_once": False,
        }
        with self._engine.begin() as connection:
            lock_organisation(connection, organisation_id)
            launching.check_holders(connection, organisation_id, [person_id] if person_id else [])
            if not put(connection, UserRow, [row], Known.STAYS, ("login",)):
                raise LoginTaken("another account has this login")
        return token

    def revoke_user(self, organisation_id: str, user_id: str) -> None:
        """Close an account; its token opens nothing from now on."""
        with self._engine.begin() as connection:
            known = {"organisation_id": organisation_id, "id": user_id, "revoked_at": None}
            change(connection, UserRow, known, {"revoked_at": datetime.now(UTC)})

    def keep_text(self, text: tasks.KeptText) -> str:
        with self._engine.begin() as connection:
            keep_text(connection, text)
        return text.id

    def enrol(self, organisation_id: str, enrolment: Enrolment) -> tasks.Enrolled:
        """Take all people and bodies, or none; known codes are brought up to date.

        Forms of a name are made when the name is new: what a person has mended stays.
        """
        with self._engine.begin() as connection:
            lock_organisation(connection, organisation_id)
            return enrolling.enrol(connection, organisation_id, enrolment)

    def correct_names(
        self, organisation_id: str, person_id: str, correction: NameCorrection
    ) -> None:
        with self._engine.begin() as connection:
            # Against an import at the same moment, which reads the forms and writes them again.
            lock_organisation(connection, organisation_id)
            enrolling.correct_names(connection, organisation_id, person_id, correction)

    def keep_template(self, upload: tasks.TemplateUpload, content: bytes) -> TemplateVersion:
        """As in `Desk`."""
        with self._engine.begin() as connection:
            lock_organisation(connection, upload.organisation_id)
            return templates.keep(connection, upload, content)

    def keep_layout(self, upload: tasks.LayoutUpload) -> None:
        """As in `Desk`."""
        with self._engine.begin() as connection:
            lock_organisation(connection, upload.organisation_id)
            templates.keep_layout(connection, upload)

    def keep_ground(
        self, organisation_id: str, act: Ground, author: str, replaces: str | None = None
    ) -> None:
        """As in `Desk`."""
        with self._engine.begin() as connection:
            lock_organisation(connection, organisation_id)
            grounds.keep(connection, organisation_id, act, author, replaces)

    def end_ground(self, organisation_id: str, ground_id: str, end: GroundEnd, author: str) -> None:
        """As in `Desk`."""
        with self._engine.begin() as connection:
            lock_organisation(connection, organisation_id)
            grounds.end(connection, organisation_id, ground_id, end, author)

    def reserve_number(self, wish: tasks.NumberWish) -> Line:
        """As in `Desk`."""
        with self._engine.begin() as connection:
            return numbers.reserve(connection, wish)

    def letter_number(self, wish: tasks.NumberWish, after: str) -> Line:
        """As in `Desk`."""
        with self._engine.begin() as connection:
            return numbers.letter(connection, wish, after)

    def void_number(self, wish: tasks.NumberWish, number: str, year: int | None = None) -> Line:
        """As in `Desk`."""
        with self._engine.begin() as connection:
            return numbers.void(connection, wish, number, year)

    def file_incoming(self, paper: tasks.IncomingPaper, ground: Ground | None = None) -> Line:
        """As in `Desk`."""
        with self._engine.begin() as connection:
            lock_organisation(connection, paper.organisation_id)
            return numbers.file_incoming(connection, paper, ground)

    def place_kinds(self, placed: tasks.KindsPlaced) -> None:
        """As in `Desk`."""
        with self._engine.begin() as connection:
            lock_organisation(connection, placed.organisation_id)
            numbers.place_kinds(connection, placed)

    def give_mandate(self, wish: tasks.MandateWish) -> None:
        """As in `Desk`."""
        with self._engine.begin() as connection:
            lock_organisation(connection, wish.organisation_id)
            authority.give(connection, wish)

    def end_mandate(self, end: tasks.MandateEnd) -> None:
        """As in `Desk`."""
        with self._engine.begin() as connection:
            lock_organisation(connection, end.organisation_id)
            authority.end(connection, end)

    def untold_mandates(
        self, now: datetime, organisation_id: str | None = None
    ) -> tuple[tasks.UntoldMandates, ...]:
        """As in `Desk`."""
        with self._engine.connect() as connection:
            return authority.untold(connection, now, organisation_id)

    def mandates_told(self, told: tasks.UntoldMandates) -> None:
        """As in `Desk`."""
        with self._engine.begin() as connection:
            authority.told(connection, told)

    def load_calendar(self, loaded: tasks.CalendarLoaded) -> None:
        """As in `Desk`."""
        with self._engine.begin() as connection:
            lock_organisation(connection, loaded.organisation_id)
            calendars.load(connection, loaded)

    def record_acquaintance(self, wish: tasks.AcquaintanceWish) -> None:
        """As in `Desk`."""
        with self._engine.begin() as connection:
            lock_organisation(connection, wish.organisation_id)
            acquaintances.record(connection, wish)

    def keep_launch(self, cycle_id: str, organisation_id: str, launch: tasks.Launch) -> None:
        """Keep what is launched, and announce the cycle as at work.

        Raises `AlreadyLaunched` or `NotFound` (see `Desk`).
        """
        with self._engine.begin() as connection:
            lock_organisation(connection, organisation_id)
            launching.keep(connection, cycle_id, organisation_id, launch)

    def begin_request(self, request: tasks.ApiRequest) -> tasks.ApiAnswer | None:
        given = request.model_dump()
        with self._engine.begin() as connection:
            if connection.execute(_CLAIM, given).rowcount:
                return None
            claim = connection.execute(_CLAIMED, given).one_or_none()
            if claim is None:
                raise StillWorking("the same request was dropped at this moment")
            if (claim.route, claim.body_sha256) != (request.route, request.body_sha256):
                raise KeyReused(f"key {request.key} came with another request")
            if claim.status is not None:
                return tasks.ApiAnswer(status=claim.status, body=claim.body)
            if not claim.forsaken:
                raise StillWorking(f"request {request.key} is being answered")
            connection.execute(_CLAIM_ANEW, given)
        return None

    def finish_request(self, request: tasks.ApiRequest, answer: tasks.ApiAnswer) -> None:
        body = json.dumps(answer.body, ensure_ascii=False)
        with self._engine.begin() as connection:
            connection.execute(
                _ANSWER, {**request.model_dump(), "status": answer.status, "body": body}
            )

    def drop_request(self, request: tasks.ApiRequest) -> None:
        with self._engine.begin() as connection:
            connection.execute(_DROP, request.model_dump())

    def clock_offset(self) -> int:
        with self._reads.connect() as connection:
            return int(connection.execute(_CLOCK, {"everybody": EVERYBODY}).scalar_one())

    def set_clock_offset(self, seconds: int) -> None:
        with self._engine.begin() as connection:
            connection.execute(_MOVE_CLOCK, {"everybody": EVERYBODY, "seconds": seconds})
