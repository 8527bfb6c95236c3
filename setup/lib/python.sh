#!/bin/sh
# Starts the command named by the first argument with the first Python between
# 3.10 and 3.13 that really runs (a name on PATH may be an empty shim).
setup=$(cd "$(dirname "$0")/.." && pwd) || exit 1
for python in "${COLLECTIONS_PYTHON:-}" python3.11 python3.12 python3.10 python3.13 python3 python; do
    [ -n "$python" ] || continue
    if "$python" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
        exec "$python" -B "$setup" "$@"
    fi
done
echo "error: no Python 3.10 to 3.13 found. Install one, or set COLLECTIONS_PYTHON to its path." >&2
exit 1
