# A throw-away PostgreSQL: made in a temporary directory, bound to loopback, gone afterwards.
# It promises no durability (fsync off) and trusts everybody on this machine: fit for tests and for nothing else.
# To be sourced, after common.sh.

POSTGRES_USER=consentry-test # the account that the server runs as where we are root, which PostgreSQL refuses
POSTGRES_DIR=                # the cluster's directory, with its log
POSTGRES_PID=
POSTGRES_ADDRESS= # of the superuser's database

# The directory of the newest installed server's programs.
postgres_programs() {
    local newest
    newest=$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
    if [[ -n $newest && -x $newest/postgres ]]; then
        printf '%s\n' "$newest"
    elif have postgres; then
        dirname "$(readlink -f "$(command -v postgres)")"
    fi
}

postgres_install() {
    [[ -n $(postgres_programs) ]] && return
    # Debian would make and start a cluster of its own as soon as the server is installed; nobody asked for that one.
    local setting=/etc/postgresql-common/createcluster.d/consentry-tests.conf
    install_packages postgresql-common
    mkdir -p "$(dirname "$setting")"
    printf 'create_main_cluster = false\n' >"$setting"
    install_packages postgresql
    rm -f "$setting"
}

# Runs a command as the server's account. With `--tied`, it also ends when the calling shell does, however that ends.
postgres_run() {
    local -a as=(setpriv)
    if [[ $1 == --tied ]]; then
        as+=(--pdeathsig INT)
        shift
    else
        as+=(--pdeathsig clear)
    fi
    if [[ $EUID -eq 0 ]]; then
        as+=(--reuid "$POSTGRES_USER" --regid "$POSTGRES_USER" --clear-groups)
    fi
    exec "${as[@]}" "$@"
}

# A port that nobody listens on at this moment.
postgres_free_port() {
    local port
    while :; do
        port=$((15000 + RANDOM % 15000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
            printf '%s\n' "$port"
            return
        fi
    done
}

# Makes a cluster and starts it; sets POSTGRES_DIR, POSTGRES_PID and POSTGRES_ADDRESS.
# $1: `tied` (it ends with the calling shell) or `kept` (it stays until it is stopped).
postgres_start() {
    local life=$1 programs port attempt
    programs=$(postgres_programs)
    [[ -n $programs ]] || die "no PostgreSQL server is installed"
    if [[ $EUID -eq 0 ]] && ! id "$POSTGRES_USER" >/dev/null 2>&1; then
        note "adding the system account $POSTGRES_USER, because a PostgreSQL server does not run as root"
        useradd --system --user-group --no-create-home --shell /usr/sbin/nologin "$POSTGRES_USER"
    fi

    # Where it is not, initdb fails as the server's account, and does not say why.
    if [[ $EUID -eq 0 && -c /dev/null && $(stat --format %a /dev/null) != 666 ]]; then
        note "/dev/null is not everybody's to write to: setting its mode to 666"
        chmod 666 /dev/null
    fi

    POSTGRES_DIR=$(mktemp -d "${TMPDIR:-/tmp}/consentry-postgres.XXXXXX")
    [[ $EUID -eq 0 ]] && chown "$POSTGRES_USER:" "$POSTGRES_DIR"
    (cd / && postgres_run "$programs/initdb" --pgdata "$POSTGRES_DIR/data" --username postgres --auth trust \
        --encoding UTF8 --locale C.UTF-8 --no-sync >"$POSTGRES_DIR.log" 2>&1) ||
        { cat "$POSTGRES_DIR.log" >&2; die "initdb failed"; }
    cat >"$POSTGRES_DIR/settings.conf" <<-SETTINGS
		listen_addresses = '127.0.0.1'
		unix_socket_directories = ''
		max_connections = 300
		shared_buffers = '128MB'
		fsync = off
		full_page_writes = off
		wal_level = minimal
		max_wal_senders = 0
		max_locks_per_transaction = 256
		# Hundreds of small databases come and go; what needs statistics says ANALYZE.
		autovacuum = off
		log_min_messages = warning
	SETTINGS
    chmod 644 "$POSTGRES_DIR/settings.conf"
    printf "include '%s'\n" "$POSTGRES_DIR/settings.conf" >>"$POSTGRES_DIR/data/postgresql.conf"

    for attempt in 1 2 3 4 5; do
        port=$(postgres_free_port)
        local -a command=("$programs/postgres" -D "$POSTGRES_DIR/data" -p "$port")
        if [[ $life == tied ]]; then
            (cd / && postgres_run --tied "${command[@]}") >>"$POSTGRES_DIR.log" 2>&1 </dev/null &
        else
            (cd / && postgres_run setsid "${command[@]}") >>"$POSTGRES_DIR.log" 2>&1 </dev/null &
        fi
        POSTGRES_PID=$!
        if postgres_await "$programs" "$port"; then
            POSTGRES_ADDRESS="postgres://postgres@127.0.0.1:$port/postgres"
            return
        fi
        note "PostgreSQL did not start on port $port (attempt $attempt)"
    done
    cat "$POSTGRES_DIR.log" >&2
    die "PostgreSQL did not start"
}

# Waits until the server answers; fails as soon as its process has ended.
postgres_await() {
    local tries
    for ((tries = 0; tries < 300; tries++)); do
        kill -0 "$POSTGRES_PID" 2>/dev/null || return 1
        "$1/pg_isready" --quiet --host 127.0.0.1 --port "$2" && return 0
        sleep 0.1
    done
    return 1
}

# Stops the server whose directory and process id are set, and removes its directory.
postgres_stop() {
    [[ -n $POSTGRES_PID ]] || return 0
    # A process id may have been given to somebody else since: end only what runs on our directory.
    if tr '\0' ' ' <"/proc/$POSTGRES_PID/cmdline" 2>/dev/null | grep -qF "$POSTGRES_DIR/data"; then
        local tries
        kill -INT "$POSTGRES_PID" 2>/dev/null || true
        for ((tries = 0; tries < 100; tries++)); do
            kill -0 "$POSTGRES_PID" 2>/dev/null || break
            sleep 0.1
        done
        kill -QUIT "$POSTGRES_PID" 2>/dev/null || true
    fi
    [[ $POSTGRES_DIR == */consentry-postgres.* ]] && rm -rf "$POSTGRES_DIR" "$POSTGRES_DIR.log"
    POSTGRES_PID=
}
