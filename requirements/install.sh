#!/usr/bin/env bash
# Brings .venv up to a lock: `requirements/install.sh runtime` or `dev`. Safe to repeat after an interruption.
# pip's own lines go to .venv/install.log; what is shown are signs of life, for llama.cpp compiles for minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
lock=requirements/$1.txt
python=.venv/bin/python
log=.venv/install.log

# Of a person's own pip settings the road to the packages stays, and nothing that puts them elsewhere or refuses them.
for name in $(compgen -e PIP_ || true); do
    case $name in
        PIP_INDEX_URL | PIP_EXTRA_INDEX_URL | PIP_FIND_LINKS | PIP_NO_INDEX | PIP_CONFIG_FILE) ;;
        PIP_CERT | PIP_CLIENT_CERT | PIP_TRUSTED_HOST | PIP_PROXY | PIP_KEYRING_PROVIDER) ;;
        PIP_TIMEOUT | PIP_DEFAULT_TIMEOUT | PIP_RETRIES | PIP_CACHE_DIR | PIP_NO_CACHE_DIR) ;;
        *) unset "$name" ;;
    esac
done
unset PYTHONPATH PYTHONHOME
export PIP_USER=0 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_PROGRESS_BAR=off

fail() {
    echo "Parley: $*" >&2
    exit 1
}

find_python() {
    set -- python3.11 python3.12 python3.13 python3.14 python3
    [ -z "${PYTHON:-}" ] || set -- "$PYTHON"
    for name in "$@"; do
        # A name may be there and not run: version managers put up names for every version they know.
        "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$name" && return
    done
    fail "Python 3.11 or newer is needed and not found; name one with: make PYTHON=/path/to/python3.11 ..."
}

make_environment() {
    "$python" -m pip --version >/dev/null 2>&1 && return
    local base
    base=$(find_python)
    "$base" -c 'import venv, ensurepip' 2>/dev/null ||
        fail "$base has no venv module; install it (Debian and Ubuntu: apt install python3-venv) and try again."
    echo "Parley: making .venv with $("$base" --version)"
    "$base" -m venv .venv
}

tell() {
    local line
    while IFS= read -r line; do
        case $line in
            *"Building wheel for llama"*started) echo "Parley: compiling llama.cpp, about 5 minutes, only once" ;;
            *"Building wheel for llama"*"still running"*) echo "Parley: still compiling, $((SECONDS / 60)) min" ;;
            *"Building wheel for llama"*finished*) echo "Parley: llama.cpp is compiled" ;;
            *Downloading*" MB)") line=${line##*Downloading } && echo "Parley: downloading ${line##*/}" ;;
        esac
    done
}

install() {
    "$python" -m pip install "$@" 2>&1 | tee -a "$log" | tell && return
    tail -n 25 "$log" >&2
    fail "the installation failed; the lines above and $log say why. Try again with the same command."
}

make_environment
command -v "${CXX:-c++}" >/dev/null || fail "a C/C++ compiler is needed (Debian and Ubuntu: apt install build-essential)."
echo "Parley: installing $(grep -c '^[a-z].*==' "$lock") packages from $lock"
# A lock is complete, so nothing else is resolved: pip would refuse extras of packages that are locked without them.
install --require-hashes --no-deps --requirement "$lock"
install --require-hashes --no-deps --requirement requirements/starter.txt
install --no-deps --editable .
