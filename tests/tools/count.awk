# Reads what `cargo test` printed and adds it up:
#
#   totals PASSED FAILED SKIPPED
#   databases ON_SQLITE ON_POSTGRESQL
#   only SQLite|PostgreSQL BINARY NAME      a test that exists on one database alone
#
# A test that touches a database is made for both by one macro and is called …::sqlite::NAME and …::postgres::NAME.

/^ *Running / { binary = $NF; gsub(/^.*\/|-[0-9a-f]+\)$/, "", binary) }
/^ *Doc-tests / { binary = "doc " $NF }

/^test result: / {
    for (i = 2; i <= NF; i++) {
        if ($i == "passed;") passed += $(i - 1)
        if ($i == "failed;") failed += $(i - 1)
        if ($i == "ignored;") skipped += $(i - 1)
    }
}

/^test .* \.\.\. / {
    name = $2
    if (sub(/(^|::)sqlite::/, "::DATABASE::", name)) { sqlite[binary " " name] = 1; on_sqlite++ }
    else if (sub(/(^|::)postgres::/, "::DATABASE::", name)) { postgres[binary " " name] = 1; on_postgres++ }
}

END {
    printf "totals %d %d %d\n", passed, failed, skipped
    printf "databases %d %d\n", on_sqlite, on_postgres
    for (test in sqlite) if (!(test in postgres)) print "only SQLite " test
    for (test in postgres) if (!(test in sqlite)) print "only PostgreSQL " test
}
