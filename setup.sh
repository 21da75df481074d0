#!/bin/sh
# Makes .venv and installs what constraints.txt pins. Called by make; needs Python 3.11 or newer.
set -eu
python=${1:-python3}

say() { printf '%s\n' "$*" >&2; }

command -v "$python" >/dev/null || { say "Python is missing: sudo apt install python3 python3-venv"; exit 1; }
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    say "newswatch needs Python 3.11 or newer, this is $("$python" --version): make PYTHON=python3.11 ..."
    exit 1
}

# Debian and Ubuntu ship Python without ensurepip: the package python3-venv has it.
if ! "$python" -c 'import ensurepip' 2>/dev/null; then
    package="python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv"
    if [ "$(id -u)" = 0 ]; then as_root=; elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as_root=sudo; else
        say "Python's venv is missing. Run this once, then make again: sudo apt install $package"
        exit 1
    fi
    say "installing $package"
    $as_root apt-get update -qq
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$package" >/dev/null
fi

say "setting up .venv (half a minute)"
rm -rf .venv
"$python" -m venv .venv
.venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r constraints.txt
