#!/bin/sh
# Makes .venv with the first Python that is new enough; a broken one, or one that was moved here, is made anew.
# `scripts/venv.sh check` only says whether .venv is sound; `scripts/venv.sh make python3` names the Python to try first.
set -eu

if .venv/bin/python -c 'import pip' 2>/dev/null && grep -q "$(pwd -P)/.venv\$" .venv/pyvenv.cfg; then
    exit 0
fi
[ "$1" = make ] || exit 1

for python in "$2" python3 python3.14 python3.13 python3.12 python3.11; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
            version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
            echo "Python $version is here, but not its venv module. Install it (Debian and Ubuntu: sudo apt-get install python$version-venv) and run make again." >&2
            exit 1
        fi
        echo "==> Making the Python environment .venv"
        exec "$python" -m venv --clear .venv
    fi
done
echo "Éveil needs Python 3.11 or newer, and none was found. Install it (Debian and Ubuntu: sudo apt-get install python3 python3-venv) and run make again." >&2
exit 1
