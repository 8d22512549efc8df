-- The first schema. Migrations are files of their own: what they make never follows a later
-- change of `adapters/postgres/tables.py`.

CREATE TABLE organisations (
  organisation_id varchar NOT NULL,
  name varchar NOT NULL,
  short_name varchar NOT NULL,
  address varchar NOT NULL,
  inn varchar NOT NULL,
  city varchar NOT NULL,
  time_zone varchar NOT NULL,
  PRIMARY KEY (organisation_id)
);

CREATE TABLE people (
  id varchar NOT NULL,
  organisation_id varchar NOT NULL,
  code varchar NOT NULL,
  last varchar NOT NULL,
  first varchar NOT NULL,
  patronymic varchar,
  gender varchar NOT NULL,
  birth_date date NOT NULL,
  post varchar,
  roles jsonb NOT NULL,
  representative_id varchar,
  kinship varchar,
  experience_years integer,
  email varchar,
  name_forms jsonb NOT NULL,
  sort_key varchar NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (organisation_id, code),
  FOREIGN KEY (organisation_id) REFERENCES organisations (organisation_id)
);

CREATE TABLE bodies (
  id varchar NOT NULL,
  organisation_id varchar NOT NULL,
  code varchar NOT NULL,
  name varchar NOT NULL,
  PRIMARY KEY (id),
  UNIQUE (organisation_id, code),
  FOREIGN KEY (organisation_id) REFERENCES organisations (organisation_id)
);

CREATE TABLE body_members (
  body_id varchar NOT NULL,
  person_id varchar NOT NULL,
  organisation_id varchar NOT NULL,
  PRIMARY KEY (body_id, person_id),
  FOREIGN KEY (body_id) REFERENCES bodies (id),
  FOREIGN KEY (person_id) REFERENCES people (id)
);
CREATE INDEX ix_body_members_person_id ON body_members (person_id);

CREATE TABLE users (
  id varchar NOT NULL,
  organisation_id varchar NOT NULL,
  role varchar NOT NULL,
  person_id varchar,
  token_sha256 varchar NOT NULL,
  created_at timestamptz DEFAULT clock_timestamp() NOT NULL,
  revoked_at timestamptz,
  PRIMARY KEY (id),
  FOREIGN KEY (organisation_id) REFERENCES organisations (organisation_id),
  FOREIGN KEY (person_id) REFERENCES people (id),
  UNIQUE (token_sha256)
);

CREATE TABLE launches (
  cycle_id varchar NOT NULL,
  organisation_id varchar NOT NULL,
  roadmap_name varchar NOT NULL,
  roadmap_version integer NOT NULL,
  roadmap_sha256 varchar NOT NULL,
  roadmap json NOT NULL,
  start date NOT NULL,
  ends date NOT NULL,
  time_zone varchar NOT NULL,
  holders jsonb NOT NULL,
  organisations jsonb NOT NULL,
  launched_at timestamptz DEFAULT clock_timestamp() NOT NULL,
  PRIMARY KEY (cycle_id),
  FOREIGN KEY (organisation_id) REFERENCES organisations (organisation_id)
);
CREATE INDEX ix_launches_organisation_id ON launches (organisation_id);

CREATE TABLE kept_texts (
  id varchar NOT NULL,
  organisation_id varchar NOT NULL,
  kind varchar NOT NULL,
  subject varchar NOT NULL,
  author varchar NOT NULL,
  body json NOT NULL,
  sha256 varchar NOT NULL,
  recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX ix_kept_texts_subject ON kept_texts (subject);

CREATE TABLE api_requests (
  organisation_id varchar NOT NULL,
  user_id varchar NOT NULL,
  key varchar NOT NULL,
  route varchar NOT NULL,
  body_sha256 varchar NOT NULL,
  claimed_at timestamptz DEFAULT clock_timestamp() NOT NULL,
  status integer,
  body json,
  PRIMARY KEY (organisation_id, user_id, key)
);

CREATE TABLE clock (
  organisation_id varchar NOT NULL,
  seconds integer NOT NULL,
  PRIMARY KEY (organisation_id)
);

CREATE TABLE object_keys (
  key_id varchar NOT NULL,
  organisation_id varchar NOT NULL,
  document_id varchar NOT NULL,
  wrapped bytea,
  made_at timestamptz DEFAULT clock_timestamp() NOT NULL,
  destroyed_at timestamptz,
  PRIMARY KEY (key_id)
);
CREATE INDEX ix_object_keys_document_id ON object_keys (document_id);

CREATE TABLE objects (
  key varchar NOT NULL,
  organisation_id varchar NOT NULL,
  document_id varchar NOT NULL,
  version integer NOT NULL,
  role varchar NOT NULL,
  key_id varchar NOT NULL,
  sha256 varchar NOT NULL,
  stored_sha256 varchar NOT NULL,
  size integer NOT NULL,
  media_type varchar NOT NULL,
  recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
  PRIMARY KEY (key)
);
CREATE INDEX ix_objects_document_id ON objects (document_id);

CREATE TABLE facts (
  facts_id varchar NOT NULL,
  organisation_id varchar NOT NULL,
  document_id varchar NOT NULL,
  version integer NOT NULL,
  sha256 varchar NOT NULL,
  body varchar NOT NULL,
  recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
  PRIMARY KEY (facts_id),
  UNIQUE (document_id, version)
);

CREATE TABLE processes (
  id varchar NOT NULL,
  organisation_id varchar NOT NULL,
  kind varchar NOT NULL,
  cycle_id varchar NOT NULL,
  parent varchar,
  stage varchar NOT NULL,
  revision integer NOT NULL,
  at_work boolean NOT NULL,
  waiting_until timestamptz,
  clock_offset bigint NOT NULL,
  trouble varchar,
  to_tell varchar,
  state jsonb,
  updated_at timestamptz DEFAULT clock_timestamp() NOT NULL,
  PRIMARY KEY (id)
);
CREATE INDEX ix_processes_at_work ON processes (cycle_id) WHERE at_work;
CREATE INDEX ix_processes_cycle_id ON processes (cycle_id);
CREATE INDEX ix_processes_parent ON processes (parent);
CREATE INDEX ix_processes_to_tell ON processes (parent) WHERE to_tell IS NOT NULL;
CREATE INDEX ix_processes_waiting_until ON processes (waiting_until) WHERE waiting_until IS NOT NULL;

CREATE TABLE pairs (
  pair_id varchar NOT NULL,
  organisation_id varchar NOT NULL,
  cycle_id varchar NOT NULL,
  mentor_id varchar NOT NULL,
  mentee_id varchar NOT NULL,
  form varchar NOT NULL,
  role_model varchar,
  stage varchar NOT NULL,
  open boolean NOT NULL,
  PRIMARY KEY (pair_id)
);
CREATE INDEX ix_pairs_cycle_id ON pairs (cycle_id);
CREATE UNIQUE INDEX uq_pairs_open ON pairs (cycle_id, mentee_id, form) WHERE open;

CREATE TABLE documents (
  document_id varchar NOT NULL,
  organisation_id varchar NOT NULL,
  cycle_id varchar NOT NULL,
  kind varchar NOT NULL,
  pair_id varchar,
  person_id varchar,
  item_id varchar,
  result_id varchar,
  drafter varchar NOT NULL,
  approver varchar,
  registrar varchar,
  stage varchar NOT NULL,
  since timestamptz NOT NULL,
  version integer NOT NULL,
  facts_id varchar,
  draft_sha256 varchar,
  number varchar,
  day date,
  registered_sha256 varchar,
  signed_sha256 varchar,
  stored_key varchar,
  stored_sha256 varchar,
  trouble varchar,
  PRIMARY KEY (document_id)
);
CREATE INDEX ix_documents_cycle_id ON documents (cycle_id);
CREATE INDEX ix_documents_pair_id ON documents (pair_id);
CREATE INDEX ix_documents_person_id ON documents (person_id);

CREATE TABLE items (
  workflow_id varchar NOT NULL,
  item_id varchar NOT NULL,
  organisation_id varchar NOT NULL,
  cycle_id varchar NOT NULL,
  step varchar NOT NULL,
  pair_id varchar,
  lead varchar NOT NULL,
  opens timestamptz NOT NULL,
  due timestamptz,
  open boolean NOT NULL,
  done boolean NOT NULL,
  results jsonb NOT NULL,
  PRIMARY KEY (workflow_id, item_id)
);
CREATE INDEX ix_items_cycle_id ON items (cycle_id);

CREATE TABLE tasks (
  workflow_id varchar NOT NULL,
  task_id varchar NOT NULL,
  organisation_id varchar NOT NULL,
  cycle_id varchar NOT NULL,
  kind varchar NOT NULL,
  assignee varchar NOT NULL,
  escalate_to varchar NOT NULL,
  since timestamptz NOT NULL,
  due timestamptz,
  refs jsonb NOT NULL,
  PRIMARY KEY (workflow_id, task_id)
);
CREATE INDEX ix_tasks_assignee ON tasks (organisation_id, assignee);
CREATE INDEX ix_tasks_cycle_id ON tasks (cycle_id);

CREATE TABLE notices (
  subject varchar NOT NULL,
  key varchar NOT NULL,
  organisation_id varchar NOT NULL,
  cycle_id varchar NOT NULL,
  kind varchar NOT NULL,
  task_id varchar NOT NULL,
  recipient varchar NOT NULL,
  at timestamptz NOT NULL,
  recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
  PRIMARY KEY (subject, key)
);
CREATE INDEX ix_notices_cycle_id ON notices (cycle_id);

CREATE TABLE audit_heads (
  organisation_id varchar NOT NULL,
  seq bigint NOT NULL,
  hash varchar NOT NULL,
  PRIMARY KEY (organisation_id)
);

CREATE TABLE audit_entries (
  organisation_id varchar NOT NULL,
  seq bigint NOT NULL,
  subject varchar NOT NULL,
  n integer NOT NULL,
  cycle_id varchar NOT NULL,
  pair_id varchar,
  action varchar NOT NULL,
  actor varchar NOT NULL,
  at timestamptz NOT NULL,
  recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
  text varchar NOT NULL,
  previous varchar NOT NULL,
  hash varchar NOT NULL,
  PRIMARY KEY (organisation_id, seq),
  UNIQUE (subject, n)
);
CREATE INDEX ix_audit_entries_cycle_id ON audit_entries (cycle_id);
CREATE INDEX ix_audit_entries_pair_id ON audit_entries (pair_id);

CREATE TABLE journals (
  organisation_id varchar NOT NULL,
  journal varchar NOT NULL,
  year integer NOT NULL,
  n integer NOT NULL,
  PRIMARY KEY (organisation_id, journal, year)
);

CREATE TABLE journal_lines (
  document_id varchar NOT NULL,
  organisation_id varchar NOT NULL,
  journal varchar NOT NULL,
  year integer NOT NULL,
  n integer,
  number varchar,
  day date NOT NULL,
  version integer NOT NULL,
  recorded_at timestamptz DEFAULT clock_timestamp() NOT NULL,
  PRIMARY KEY (document_id),
  UNIQUE (organisation_id, journal, year, n)
);

-- The log can only grow. The rule holds for the owner too: who wants to change the past has to
-- take it away first, and the chain then shows the change.

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% only grows: % is refused', TG_TABLE_NAME, TG_OP
    USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER audit_entries_only_grow BEFORE UPDATE OR DELETE ON audit_entries
  FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_entries_are_not_emptied BEFORE TRUNCATE ON audit_entries
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- The application's role owns nothing and may do only what the program does.

DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'nastavnik_app') THEN
    CREATE ROLE nastavnik_app NOLOGIN;
  END IF;
END
$$;

GRANT SELECT, INSERT ON
  audit_entries, facts, journal_lines, kept_texts, launches, notices, objects
  TO nastavnik_app;
GRANT SELECT, INSERT, UPDATE ON
  audit_heads, bodies, clock, documents, items, journals, object_keys, organisations, pairs, people,
  processes, users
  TO nastavnik_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON api_requests, body_members, tasks TO nastavnik_app;
