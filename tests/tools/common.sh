# Shared by the scripts in tests/: where things are, how they speak, how they install what is missing.
# To be sourced; it runs nothing by itself.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
TOOLS=$ROOT/tests/tools

# Says what is being done, on standard error, so that standard output stays free for answers.
say() { printf '\n== %s\n' "$*" >&2; }
note() { printf '   %s\n' "$*" >&2; }
die() {
    printf '\nerror: %s\n' "$*" >&2
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# Installs Debian packages: as root at once, otherwise it says what to install and stops.
install_packages() {
    if [[ $EUID -ne 0 ]] || ! have apt-get; then
        die "the tests need these Debian packages, and only root may install them: $*"
    fi
    note "installing Debian packages: $*"
    if [[ -z ${APT_UPDATED:-} ]]; then
        apt-get update -qq
        APT_UPDATED=yes
    fi
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}
