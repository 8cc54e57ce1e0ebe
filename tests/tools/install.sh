# Installs what the tests need and this machine lacks. To be sourced, after common.sh and postgres.sh.
# System programs come from Debian's packages; everything else goes into folders of the project's own:
# .venv (Python) and tests/tools/node_modules (node), each made anew when its list of versions changes.

VENV=$ROOT/.venv
NODE_MODULES=$TOOLS/node_modules

install_everything() {
    install_rust
    install_system
    postgres_install
    install_python
    install_node
}

# Rust itself is not installed for you, only asked for.
install_rust() {
    local needed
    needed=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$ROOT/Cargo.toml")
    have cargo || die "cargo is missing: install Rust $needed or later, with rustfmt and clippy"
    local found
    found=$(rustc --version | cut -d' ' -f2)
    printf '%s\n%s\n' "$needed" "$found" | sort -V -C || die "Rust $needed or later is needed, and this is $found"
    cargo fmt --version >/dev/null 2>&1 || die "rustfmt is missing: rustup component add rustfmt"
    cargo clippy --version >/dev/null 2>&1 || die "clippy is missing: rustup component add clippy"
}

install_system() {
    local -a missing=()
    have cc || missing+=(build-essential)
    have curl || missing+=(curl)
    have git || missing+=(git)
    have setpriv || missing+=(util-linux)
    have python3 || missing+=(python3)
    python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
    have node || missing+=(nodejs)
    have npm || missing+=(npm)
    # The browser of the tests of pages, and letters for more than one script.
    have chromium || missing+=(chromium fonts-dejavu fonts-noto-core)
    [[ ${#missing[@]} -eq 0 ]] || install_packages "${missing[@]}"
}

# True if the folder $1 was made from the list $2 as it is now.
up_to_date() { [[ -f $1/.made-from ]] && cmp -s "$1/.made-from" "$2"; }

install_python() {
    local list=$TOOLS/requirements.txt
    up_to_date "$VENV" "$list" && return
    note "making .venv from tests/tools/requirements.txt"
    rm -rf "$VENV"
    python3 -m venv "$VENV"
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$list"
    cp "$list" "$VENV/.made-from"
}

install_node() {
    local list=$TOOLS/package-lock.json
    up_to_date "$NODE_MODULES" "$list" && return
    note "making tests/tools/node_modules from tests/tools/package-lock.json"
    npm ci --prefix "$TOOLS" --silent --ignore-scripts --no-audit --no-fund
    cp "$list" "$NODE_MODULES/.made-from"
}
