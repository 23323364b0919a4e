#!/bin/sh
# Makes the secrets of deploy/compose.yaml, once, in deploy/compose: sh deploy/compose/secrets.sh callboard.example.org
set -eu
umask 077
cd "$(dirname "$0")"
[ ! -e .env ] || { echo "$(pwd)/.env is there already." >&2; exit 1; }
secret() { od -An -N 32 -tx1 /dev/urandom | tr -d ' \n'; }
secret >metrics_token
chmod 644 metrics_token # Compose hands the file to Prometheus's own user as it is; the folder keeps others out
chmod 700 .
cat >.env <<END
COMPOSE_PROJECT_NAME=callboard
CALLBOARD_NAME=${1:?the name of the site}
SECRET_KEY=$(secret)
POSTGRES_PASSWORD=$(secret)
METRICS_TOKEN=$(cat metrics_token)
CALLBOARD_ADMIN_PASSWORD=$(secret)
END
echo "The settings are in $(pwd)/.env; the password of the first user, admin, is CALLBOARD_ADMIN_PASSWORD."
