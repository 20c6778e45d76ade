#!/usr/bin/env bash
# Builds IMAGE from the folder of PostgreSQL's programs, on top of BASE, with PG_DUMP and its pg_restore if one is named.
# What exists already is left alone. Exit status 75: the base cannot be had now, which is no fault of the image's.
set -euo pipefail
image=$1 base=$2 programs=$3 pg_dump=${4-}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

exists() { docker image inspect "$1" >/dev/null 2>&1; }

exists "$image" && exit
exists "$base" || unshare --mount bash "$here/make-base.sh" "$base" || exit 75

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/dump"
if [[ -n $pg_dump ]]; then
  # With the libpq that each is linked with, wherever that is here.
  for program in "$pg_dump" "$(dirname "$pg_dump")/pg_restore"; do
    cp "$program" "$scratch/dump"
    ldd "$program" | awk '/libpq/ { print $3 }' | xargs cp --target-directory "$scratch/dump"
    name=$(basename "$program")
    printf '#!/bin/sh\nLD_LIBRARY_PATH=/usr/lib/pg_dump exec /usr/lib/pg_dump/%s "$@"\n' "$name" \
      >"$scratch/dump/$name.run"
    chmod +x "$scratch/dump/$name.run"
  done
fi
# npm may have unpacked the programs for one account only; in the image they are everybody's.
tar --create --mode='u+w,a+rX' --owner=0 --group=0 --exclude='*.a' \
  --directory "$here" Dockerfile docker-entrypoint.sh \
  --directory "$scratch" dump \
  --directory "$(dirname "$programs")" "$(basename "$programs")" |
  docker build --quiet --tag "$image" --build-arg "BASE=$base" -
