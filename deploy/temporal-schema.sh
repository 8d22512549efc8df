#!/bin/sh
# Make Temporal's schemas or bring them up to date; harmless if there is nothing to do.
set -eu

SQL_PASSWORD="$(cat "${SECRETS:-/run/secrets}/temporal_password")"
export SQL_PASSWORD

for database in temporal temporal_visibility; do
  folder="${database#temporal_}"
  on="--plugin postgres12 --ep ${SQL_HOST:-postgres} --port ${SQL_PORT:-5432} --user temporal --db $database"
  # shellcheck disable=SC2086 # words of options
  temporal-sql-tool $on setup-schema --version 0.0
  # shellcheck disable=SC2086
  temporal-sql-tool $on update-schema \
    --schema-dir "${SCHEMA:-/etc/temporal/schema}/postgresql/v12/$folder/versioned"
done
