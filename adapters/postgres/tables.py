"""Tables of the organisation, its people and what they wrote. What is at work: `work_tables`.

A list of the columns, their keys and indexes; the migrations make them, and a test compares. Rows
are written with `adapters.postgres.rows` and read with SQL.
"""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from adapters.postgres.seals import Counted, Sealed

Moment = DateTime(timezone=True)


def written() -> Any:
    """A column that holds the server's own time of writing."""
    return Field(sa_type=Moment, sa_column_kwargs={"server_default": text("clock_timestamp()")})


class OrganisationRow(Counted, table=True):
    """What is empty was written before 0020: an `organisation`, inside, without tags.

    `outside`: it does not use the system, somebody else enters what it reports.
    """

    __tablename__ = "organisations"

    organisation_id: str = Field(primary_key=True)
    name: str
    short_name: str
    address: str
    inn: str
    city: str
    time_zone: str
    upper_id: str | None = Field(foreign_key="organisations.organisation_id", index=True)
    level: str | None  # organisation, municipality, region
    kind: str | None
    outside: bool | None
    tags: list[str] | None = Field(sa_type=JSONB)


class PersonRow(Counted, table=True):
    __tablename__ = "people"
    __table_args__ = (UniqueConstraint("organisation_id", "code"),)

    id: str = Field(primary_key=True)
    organisation_id: str = Field(foreign_key="organisations.organisation_id")
    code: str
    last: str
    first: str
    patronymic: str | None
    gender: str
    birth_date: date
    post: str | None
    roles: list[str] = Field(sa_type=JSONB)
    representative_id: str | None
    kinship: str | None
    experience_years: int | None
    email: str | None
    name_forms: dict[str, Any] = Field(sa_type=JSONB)
    sort_key: str


class BodyRow(Counted, table=True):
    __tablename__ = "bodies"
    __table_args__ = (UniqueConstraint("organisation_id", "code"),)

    id: str = Field(primary_key=True)
    organisation_id: str = Field(foreign_key="organisations.organisation_id")
    code: str
    name: str


class BodyMemberRow(Counted, table=True):
    """Somebody sits in a body from `since` until the day before `until`; see `bodies`."""

    __tablename__ = "body_members"

    body_id: str = Field(primary_key=True, foreign_key="bodies.id")
    person_id: str = Field(primary_key=True, foreign_key="people.id", index=True)
    since: date = Field(primary_key=True)
    organisation_id: str
    until: date | None


class UserRow(Counted, table=True):
    """An account. The token itself is nowhere, nor is the password.

    `password_once`: it was given by somebody else and opens nothing but its own change.
    """

    __tablename__ = "users"

    id: str = Field(primary_key=True)
    organisation_id: str = Field(foreign_key="organisations.organisation_id")
    role: str
    person_id: str | None = Field(foreign_key="people.id")
    token_sha256: str = Field(unique=True)
    created_at: datetime = written()
    revoked_at: datetime | None = Field(sa_type=Moment)
    login: str | None = Field(unique=True)
    password_hash: str | None
    password_once: bool = Field(sa_column_kwargs={"server_default": text("false")})


class SessionRow(SQLModel, table=True):
    """Somebody is signed in to the pages."""

    __tablename__ = "sessions"

    token_sha256: str = Field(primary_key=True)
    organisation_id: str
    user_id: str = Field(foreign_key="users.id", index=True)
    began_at: datetime = written()
    seen_at: datetime = written()


class TriesRow(SQLModel, table=True):
    """How often something was tried lately, by whom is a hash (`organisation_id` is `*`)."""

    __tablename__ = "tries"

    key: str = Field(primary_key=True)
    organisation_id: str
    count: int
    last_at: datetime = Field(sa_type=Moment)
    until: datetime | None = Field(sa_type=Moment)


class LaunchRow(Counted, table=True):
    """What was launched. The roadmap is kept as the JSON text that it was: order matters in it."""

    __tablename__ = "launches"
    __table_args__ = (UniqueConstraint("upper_cycle_id", "branch"),)

    cycle_id: str = Field(primary_key=True)
    organisation_id: str = Field(foreign_key="organisations.organisation_id", index=True)
    roadmap_name: str
    roadmap_version: int
    roadmap_sha256: str
    roadmap: dict[str, Any] = Field(sa_type=JSON)
    start: date
    ends: date
    time_zone: str
    holders: dict[str, str] = Field(sa_type=JSONB)
    organisations: list[str] = Field(sa_type=JSONB)
    turns: int
    launched_by: str | None  # the user's id; none: launched before 0019
    upper_cycle_id: str | None  # whose branch it is, if any
    branch: int | None
    upper_turn: int | None  # the upper cycle's yearly turn at which its own first stands
    adapt: list[str] | None = Field(sa_type=JSONB)  # what the upper cycle lets it change
    follows: str | None  # the cycle of the year before
    amended: list[dict[str, Any]] | None = Field(sa_type=JSONB)  # rows as they were changed there
    launched_at: datetime = written()


class KeptTextRow(Sealed, table=True):
    __tablename__ = "kept_texts"

    id: str = Field(primary_key=True)
    organisation_id: str
    kind: str
    subject: str = Field(index=True)
    author: str
    body: dict[str, Any] = Field(sa_type=JSON)
    sha256: str
    recorded_at: datetime = written()
    destroyed_at: datetime | None = Field(sa_type=Moment)  # its body is empty since


class ApiRequestRow(SQLModel, table=True):
    """A claimed idempotency key; with a status, an answered one."""

    __tablename__ = "api_requests"

    organisation_id: str = Field(primary_key=True)
    user_id: str = Field(primary_key=True)
    key: str = Field(primary_key=True)
    route: str
    body_sha256: str
    claimed_at: datetime = written()
    status: int | None
    body: dict[str, Any] | None = Field(sa_type=JSON)


class ClockRow(SQLModel, table=True):
    """The rehearsal clock: one row, for everybody (`organisation_id` is `*`)."""

    __tablename__ = "clock"

    organisation_id: str = Field(primary_key=True)
    seconds: int


class ObjectKeyRow(Sealed, table=True):
    """A data key, wrapped by a master key; without bytes once an act destroyed it."""

    __tablename__ = "object_keys"

    key_id: str = Field(primary_key=True)
    organisation_id: str
    document_id: str = Field(index=True)
    wrapped: bytes | None
    made_at: datetime = written()
    destroyed_at: datetime | None = Field(sa_type=Moment)
    act_id: str | None  # by which act


class ObjectRow(Sealed, table=True):
    __tablename__ = "objects"
    unsealed: ClassVar = frozenset({"held_until"})

    key: str = Field(primary_key=True)
    organisation_id: str
    document_id: str = Field(index=True)
    version: int
    role: str
    key_id: str
    sha256: str
    stored_sha256: str
    size: int
    media_type: str
    recorded_at: datetime = written()
    held_until: datetime | None = Field(None, sa_type=Moment)
    """Until when the store was asked to keep it, since it was sealed or restored; none: not yet."""


class FactsRow(Sealed, table=True):
    """Facts of one version of a document, as the text that was hashed."""

    __tablename__ = "facts"
    __table_args__ = (UniqueConstraint("document_id", "version"),)

    facts_id: str = Field(primary_key=True)
    organisation_id: str
    document_id: str
    version: int
    sha256: str
    body: str
    template_sha256: str | None  # what the version is made of; none: kept before 0004
    head: dict[str, str] | None = Field(sa_type=JSONB)  # whose signature line it has, `Head`
    people: list[str] = Field(sa_type=JSONB)  # whom it names, save that head
    recorded_at: datetime = written()
    destroyed_at: datetime | None = Field(sa_type=Moment)  # its body is empty since


class GroundRow(Counted, table=True):
    """An act that the organisation added to its legal grounds."""

    __tablename__ = "grounds"

    ground_id: str = Field(primary_key=True)
    organisation_id: str = Field(index=True)
    level: str
    head: dict[str, str] = Field(sa_type=JSONB)
    issuer: str | None
    number: str | None
    day: date | None
    title: str | None
    approves: dict[str, str] | None = Field(sa_type=JSONB)
    topics: list[str] = Field(sa_type=JSONB)
    since: date
    added_by: str
    recorded_at: datetime = written()


class GroundEndRow(Counted, table=True):
    """An act lost force, for this organisation; its own act or one that came with us."""

    __tablename__ = "ground_ends"

    organisation_id: str = Field(primary_key=True)
    ground_id: str = Field(primary_key=True)
    lost_on: date
    ended_by: str
    author: str
    recorded_at: datetime = written()


class TemplateFileRow(Sealed, table=True):
    """A template of which a document was or may be made. `ours`: it, or its layout, is our work."""

    __tablename__ = "template_files"

    organisation_id: str = Field(primary_key=True)
    sha256: str = Field(primary_key=True)
    content: bytes
    ours: bool
    kept_at: datetime = written()


class TemplateVersionRow(Counted, table=True):
    """A template that the organisation uploaded; its bytes lie in `template_files`."""

    __tablename__ = "template_versions"
    __table_args__ = (UniqueConstraint("upload_id"),)

    organisation_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    upload_id: str
    sha256: str
    active_from: date
    uploaded_by: str
    at: datetime = Field(sa_type=Moment)
    recorded_at: datetime = written()


class LayoutSettingsRow(Counted, table=True):
    """An organisation's layout; the latest version counts."""

    __tablename__ = "layout_settings"
    __table_args__ = (UniqueConstraint("upload_id"),)

    organisation_id: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    upload_id: str
    settings: dict[str, Any] = Field(sa_type=JSONB)
    uploaded_by: str
    at: datetime = Field(sa_type=Moment)
    recorded_at: datetime = written()
