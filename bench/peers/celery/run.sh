#!/usr/bin/env bash
# bash bench/peers/celery/run.sh [--chords 300] [--kills 3] [--seed n] [--setting default|late|both] [--concurrency 2]
#
# Checks that broker and result store are there, makes a virtual environment of requirements.txt once, and runs the
# kill test. CELERY_PYTHON names another Python that has Celery already, such as /usr/bin/python3 with python3-celery.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cache="${ASSAY_CACHE:-$here/../../../.cache}/peers/celery"
missing=()
[ -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || missing+=(rabbitmq-server)
command -v redis-server > /dev/null || missing+=(redis-server)
command -v epmd > /dev/null || missing+=(erlang-base)
command -v python3 > /dev/null && python3 -c 'import venv, ensurepip, sqlite3' 2> /dev/null || missing+=(python3-venv)
if [ ${#missing[@]} -gt 0 ]; then
  echo "Celery's parts are missing: apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 2
fi
python="${CELERY_PYTHON:-$cache/bin/python}"
if [ -z "${CELERY_PYTHON:-}" ] && ! cmp -s "$here/requirements.txt" "$cache/installed.txt"; then
  rm -rf "$cache"
  python3 -m venv "$cache"
  "$python" -m pip install --quiet --disable-pip-version-check --requirement "$here/requirements.txt" >&2
  cp "$here/requirements.txt" "$cache/installed.txt"
fi
"$python" -c 'import celery, kombu, redis; print(f"Celery {celery.__version__}, kombu {kombu.__version__}, redis-py {redis.__version__}")' >&2
export PYTHONDONTWRITEBYTECODE=1
cd "$here" && exec "$python" kill_test.py "$@"
