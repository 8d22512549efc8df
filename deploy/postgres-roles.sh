# Run once by the PostgreSQL image over an empty volume: databases, and roles that are no superuser.
# `nastavnik_owner` migrates, `nastavnik_app` owns nothing (migrations grant it what it may do).
# The image sources this file if it may not be executed, so it sets no options of the shell.
SECRETS="${SECRETS:-/run/secrets}"
export SECRETS

# psql reads the passwords itself: in a command line other processes could see them.
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="${POSTGRES_USER:-postgres}" \
  --dbname=postgres <<'SQL'
\set owner `cat "$SECRETS/owner_password"`
\set app `cat "$SECRETS/app_password"`
\set temporal `cat "$SECRETS/temporal_password"`
CREATE ROLE nastavnik_owner LOGIN PASSWORD :'owner';
CREATE ROLE nastavnik_app LOGIN PASSWORD :'app';
CREATE ROLE temporal LOGIN PASSWORD :'temporal';
CREATE DATABASE nastavnik OWNER nastavnik_owner;
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
REVOKE ALL ON DATABASE nastavnik, temporal, temporal_visibility FROM PUBLIC;
GRANT CONNECT ON DATABASE nastavnik TO nastavnik_app;
SQL
