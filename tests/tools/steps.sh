# Runs the steps of tests/run one after the other, goes on after one that failed, and adds up the results.
# To be sourced, after common.sh and postgres.sh.

PASSED=0
FAILED=0
SKIPPED=0
LAST_CHECK=
STEP_PID=
declare -a FAILURES=()

# Makes the folder for logs, and sees to it that nothing is left running however this shell ends.
steps_begin() {
    WORK=$(mktemp -d "${TMPDIR:-/tmp}/consentry-tests.XXXXXX")
    trap steps_clean EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
}

steps_clean() {
    local status=$?
    trap - EXIT INT TERM HUP
    stop_step
    postgres_stop
    rm -rf "$WORK"
    exit "$status"
}

# Ends the step that runs and whatever its process group has left behind.
stop_step() {
    [[ -n $STEP_PID ]] || return 0
    local tries
    kill -TERM -- "-$STEP_PID" 2>/dev/null || true
    for ((tries = 0; tries < 50; tries++)); do
        kill -0 -- "-$STEP_PID" 2>/dev/null || break
        sleep 0.1
    done
    kill -KILL -- "-$STEP_PID" 2>/dev/null || true
    STEP_PID=
}

# Runs a command in a process group of its own, shows what it prints, and keeps it in $WORK/log.
step() {
    local status=0 tee_pid
    rm -f "$WORK/pipe"
    mkfifo "$WORK/pipe"
    tee "$WORK/log" <"$WORK/pipe" &
    tee_pid=$!
    # In the background, so that a signal reaches this shell at once and not when the command is through.
    setsid "$@" >"$WORK/pipe" 2>&1 </dev/null &
    STEP_PID=$!
    wait "$STEP_PID" || status=$?
    stop_step
    wait "$tee_pid" || true
    return "$status"
}

# $1 says what holds; the rest is a command that fails where it does not.
check() {
    local title=$1 began=$SECONDS
    shift
    say "$title"
    if step "$@"; then
        note "yes ($((SECONDS - began)) s)"
        LAST_CHECK=passed
        PASSED=$((PASSED + 1))
    else
        note "NO ($((SECONDS - began)) s)"
        LAST_CHECK=failed
        record_failure "$title"
    fi
}

record_failure() {
    FAILED=$((FAILED + 1))
    FAILURES+=("$1")
}

# Runs the tests and adds up their results; each must exist on both databases or on none.
run_tests() {
    local began=$SECONDS ran=yes key one two three
    local -a lonely=()
    say "The tests"
    step "$@" || ran=no
    note "$((SECONDS - began)) s"

    local failed=0 on_sqlite=0 on_postgres=0
    while read -r key one two three; do
        case $key in
        totals)
            PASSED=$((PASSED + one))
            failed=$two
            SKIPPED=$((SKIPPED + three))
            ;;
        databases)
            on_sqlite=$one
            on_postgres=$two
            ;;
        only) lonely+=("on $one alone: $two $three") ;;
        esac
    done < <(awk -f "$TOOLS/count.awk" "$WORK/log")

    FAILED=$((FAILED + failed))
    if ((failed > 0)); then
        FAILURES+=("$failed tests: $(sed -n 's/^test \(.*\) \.\.\. FAILED$/\1/p' "$WORK/log" | tr '\n' ' ')")
    elif [[ $ran == no ]]; then
        record_failure "the tests did not run to their end"
    fi

    printf '\ntests on SQLite: %d, on PostgreSQL: %d\n' "$on_sqlite" "$on_postgres"
    if [[ ${#lonely[@]} -gt 0 ]]; then
        printf '  %s\n' "${lonely[@]}"
        record_failure "tests that exist on one database alone"
    elif ((on_sqlite != on_postgres)); then
        record_failure "the number of tests differs between the databases"
    else
        PASSED=$((PASSED + 1))
    fi
}

# Prints what failed and the counts, and ends.
steps_end() {
    if ((FAILED > 0)); then
        printf '\nFailed:\n'
        printf '  %s\n' "${FAILURES[@]}"
    fi
    printf '\nThis took %d min %d s.\n' $((SECONDS / 60)) $((SECONDS % 60))
    printf '%d passed, %d failed, %d skipped\n' "$PASSED" "$FAILED" "$SKIPPED"
    ((FAILED == 0))
}
