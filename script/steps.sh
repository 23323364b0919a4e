# shellcheck shell=bash
# Sourced by setup, server and test: where things lie, and steps that are shown, logged, and skipped once done.
#
# A step is done when the stamp beside its result equals the hash of what it was made from. The stamp is written
# last, so an interrupted step is simply done again.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
DATA_DIR=${DATA_DIR:-$ROOT/var}
DATA_DIR=${DATA_DIR/#\~/$HOME}
mkdir -p "$DATA_DIR/logs" "$DATA_DIR/cache"
DATA_DIR=$(cd "$DATA_DIR" && pwd -P)
VENV=$ROOT/.venv
PYTHON=$VENV/bin/python
FRONTEND=$DATA_DIR/frontend
NODE_TESTS=$DATA_DIR/node-tests
REACT_APP=$DATA_DIR/react-app
SETUP_LOG=$DATA_DIR/logs/setup.log
export DATA_DIR

# Besides .venv everything that is written lies under DATA_DIR: bytecode and the installers' caches, too.
unset PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX=${PYTHONPYCACHEPREFIX:-$DATA_DIR/cache/pycache}
export PIP_CACHE_DIR=${PIP_CACHE_DIR:-$DATA_DIR/cache/pip} PIP_DISABLE_PIP_VERSION_CHECK=1
export npm_config_cache=${npm_config_cache:-$DATA_DIR/cache/npm} npm_config_update_notifier=false

fail() { # message…: says what is wrong and ends
    printf '%s\n' "$*" >&2
    exit 1
}

# --- what must be there already ---------------------------------------------------------------------

find_python() { # prints the first Python that is new enough
    local candidate
    for candidate in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    fail "Callboard needs Python 3.11 or newer. On Debian: apt install python3 python3-venv"
}

need_venv_module() { # python
    "$1" -c 'import ensurepip, venv' 2>/dev/null ||
        fail "Python's venv module is missing. On Debian: apt install python3-venv"
}

need_node() {
    local is_new_enough='const [major, minor] = process.versions.node.split(".");
        process.exit(major > 20 || (major == 20 && minor >= 19) ? 0 : 1)'
    { command -v npm && node -e "$is_new_enough"; } >/dev/null 2>&1 ||
        fail "Callboard needs Node 20.19 or newer with npm to build its pages: https://nodejs.org/en/download"
}

# --- steps ------------------------------------------------------------------------------------------

STEP_COUNT=6 # four here, two in script/prepare.py
ticker=

stop_ticker() {
    [ -n "$ticker" ] || return 0
    kill "$ticker" 2>/dev/null || true
    printf '\r%s' "${label-}"
    ticker=
}
trap stop_ticker EXIT
trap 'exit 130' INT # after the child has ended, whatever it made of Ctrl-C

start_ticker() { # label: on a terminal, the seconds run along
    [ -t 1 ] || return 0
    while sleep 1 && kill -0 $$ 2>/dev/null; do printf '\r%s %d s ' "$1" "$((SECONDS - started))"; done &
    ticker=$!
}

step() { # number, label, command…: runs it into the log; when it fails, shows the end of its output and ends
    local label="[$1/$STEP_COUNT] $2 …" started=$SECONDS log_start status
    printf '%s' "$label"
    printf '\n=== %s %s\n' "$(date '+%F %T')" "$label" >>"$SETUP_LOG"
    log_start=$(wc -l <"$SETUP_LOG")
    start_ticker "$label"
    set +e
    (
        set -e
        "${@:3}"
    ) >>"$SETUP_LOG" 2>&1 </dev/null
    status=$?
    set -e
    stop_ticker
    if [ "$status" -ne 0 ]; then
        printf ' failed\n\n'
        tail -n "+$((log_start + 1))" "$SETUP_LOG" | tail -n 30 >&2
        fail "The set-up stopped. The whole log: $SETUP_LOG"
    fi
    printf ' %d s\n' "$((SECONDS - started))"
}

is_stamped() { # stamp file, hash
    [ -f "$1" ] && [ "$(<"$1")" = "$2" ]
}

hash_of() { # hashes what comes in
    sha256sum | cut -d' ' -f1
}

# --- Python -----------------------------------------------------------------------------------------

requirements_hash() { # lock file
    { "$PYTHON" -V && echo "$VENV" && cat "$1"; } 2>/dev/null | hash_of
}

venv_is_sound() { # made here, not moved here; complete; its Python still there
    grep -qsF "$VENV" "$VENV/pyvenv.cfg" && "$PYTHON" -m pip --version >/dev/null 2>&1
}

make_venv() { # python
    venv_is_sound && return
    rm -rf "$VENV"
    "$1" -m venv "$VENV"
}

install_requirements() { # stamp file, lock file
    rm -f "$1"
    "$PYTHON" -m pip install --no-compile --no-input --no-deps --require-hashes -r "$2"
    requirements_hash "$2" >"$1"
}

# --- the front end, built beside the data so that the checkout stays clean -------------------------

frontend_sources() { # prints their paths, relative to the checkout
    cd "$ROOT"
    find frontend \( -name node_modules -o -name dist -o -name coverage \) -prune -o -type f -print | LC_ALL=C sort
}

packages_hash() {
    { node -v && cat "$ROOT/frontend/package.json" "$ROOT/frontend/package-lock.json"; } 2>/dev/null | hash_of
}

frontend_hash() {
    (frontend_sources | tr '\n' '\0' | (cd "$ROOT" && xargs -0 sha256sum)) | hash_of
}

copy_frontend() {
    # The empty .git is a border: linters obey .gitignore, and that of the checkout names DATA_DIR.
    mkdir -p "$FRONTEND/.git"
    find "$FRONTEND" -mindepth 1 -maxdepth 1 ! -name node_modules ! -name dist ! -name .git -exec rm -rf {} +
    frontend_sources | tar -C "$ROOT" -cf - -T - | tar -C "$DATA_DIR" -xf -
}

install_packages() {
    copy_frontend
    cd "$FRONTEND"
    npm ci --include=dev --no-audit --no-fund
    packages_hash >node_modules/.stamp
}

build_frontend() {
    copy_frontend
    cd "$FRONTEND"
    npm run build
    frontend_hash >dist/.stamp
}

# --- what the tests run in Node: the A2A SDK, the driver of Firefox -----------------------------------

node_tests_hash() {
    { node -v && cat "$ROOT/tests/js/package.json" "$ROOT/tests/js/package-lock.json"; } 2>/dev/null | hash_of
}

install_node_tests() {
    mkdir -p "$NODE_TESTS"
    cp "$ROOT/tests/js/package.json" "$ROOT/tests/js/package-lock.json" "$NODE_TESTS"
    cd "$NODE_TESTS"
    npm ci --omit=peer --no-audit --no-fund
    node_tests_hash >node_modules/.stamp
}

# --- the example app, with the packages of the front end installed as others install them, for a test ---

react_app_hash() {
    { node -v && frontend_hash && cd "$ROOT/examples/react-app" && find . -type f -not -path './node_modules/*' -not -path './vendor/*' -print0 |
        LC_ALL=C sort -z | xargs -0 sha256sum; } 2>/dev/null | hash_of
}

build_react_app() {
    (cd "$FRONTEND" && npm run build:packages)
    mkdir -p "$REACT_APP/vendor"
    find "$REACT_APP" -mindepth 1 -maxdepth 1 ! -name vendor -exec rm -rf {} +
    tar -C "$ROOT/examples/react-app" --exclude ./node_modules --exclude ./dist --exclude ./vendor -cf - . | tar -C "$REACT_APP" -xf -
    (cd "$FRONTEND" && npm pack ./packages/client ./packages/react --pack-destination "$REACT_APP/vendor")
    cd "$REACT_APP"
    npm ci --prefer-offline --no-audit --no-fund
    npm run build
    react_app_hash >dist/.stamp
}
