#!/bin/bash
# Run once by the image of PostgreSQL, when the primary's folder is new: lets a standby follow it.
# Needs: PGDATA, POSTGRES_USER, POSTGRES_DB, REPLICATION_PASSWORD_FILE.
set -euo pipefail

psql --quiet --set ON_ERROR_STOP=1 --set password="$(cat "$REPLICATION_PASSWORD_FILE")" \
    --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE replicator LOGIN REPLICATION PASSWORD :'password';
-- What the standby has not read yet is kept for it, but not until this disk is full.
SELECT FROM pg_create_physical_replication_slot('standby');
ALTER SYSTEM SET max_slot_wal_keep_size = '16GB';
-- Holds from the next start on: until then nobody could confirm what is committed here.
ALTER SYSTEM SET synchronous_standby_names = 'standby';
SQL
echo "host replication replicator samenet scram-sha-256" >>"$PGDATA/pg_hba.conf"
