#!/bin/bash
# Starts the standby. With an empty folder it copies the primary first; then it follows it.
# Needs: PGDATA, PRIMARY_HOST, REPLICATION_PASSWORD_FILE; PRIMARY_PORT where it is another.
set -euo pipefail

if [ "$(id -u)" = 0 ]; then # in the image: what root can read is read, then it is given up
    PGPASSWORD="$(cat "$REPLICATION_PASSWORD_FILE")"
    export PGPASSWORD
    install -d -m 700 -o postgres -g postgres "$PGDATA"
    exec gosu postgres "$0" "$@"
fi
: "${PGPASSWORD:=$(cat "$REPLICATION_PASSWORD_FILE")}"
export PGPASSWORD

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    pg_basebackup --pgdata "$PGDATA" --slot standby --write-recovery-conf --checkpoint fast \
        --dbname "host=$PRIMARY_HOST port=${PRIMARY_PORT:-5432} user=replicator application_name=standby"
    # Once it is promoted it must not wait for a standby of its own, which nobody has made yet.
    echo "synchronous_standby_names = ''" >>"$PGDATA/postgresql.auto.conf"
fi
exec postgres "$@"
