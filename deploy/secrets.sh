#!/bin/sh
# Make the secrets that docker-compose.yml mounts, in the folder ./secrets; one that is there stays.
# The folder is ours alone. Its files are readable for whoever gets in, since a container mounts
# each by itself and its user is another than ours.
set -eu

umask 077
mkdir -p secrets

keep() { # name, value
  [ -e "secrets/$1" ] || { printf '%s' "$2" >"secrets/.$1" && chmod 444 "secrets/.$1" &&
    mv "secrets/.$1" "secrets/$1" && echo "secrets/$1"; }
}
random() { # bytes, as hexadecimal figures
  od -An -tx1 -N "$1" /dev/urandom | tr -d ' \n'
}
address() { # role, its secret
  printf 'postgresql+psycopg://%s:%s@postgres:5432/nastavnik' "$1" "$(cat "secrets/$2")"
}

for name in postgres_password owner_password app_password temporal_password master_key payload_key \
  store_secret_key; do
  keep "$name" "$(random 32)"
done
keep store_access_key "$(random 10)"
keep database_url "$(address nastavnik_owner owner_password)"
keep database_app_url "$(address nastavnik_app app_password)"
