#!/usr/bin/env bash
# Builds IMAGE from the folder of PostgreSQL's programs, on top of BASE. What exists already is left alone. Exit status
# 75: the base cannot be had now, which is no fault of the image's.
set -euo pipefail
image=$1 base=$2 programs=$3
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

exists() { docker image inspect "$1" >/dev/null 2>&1; }

exists "$image" && exit
exists "$base" || unshare --mount bash "$here/make-base.sh" "$base" || exit 75
# npm may have unpacked the programs for one account only; in the image they are everybody's.
tar --create --mode='u+w,a+rX' --owner=0 --group=0 --exclude='*.a' \
  --directory "$here" Dockerfile docker-entrypoint.sh \
  --directory "$(dirname "$programs")" "$(basename "$programs")" |
  docker build --quiet --tag "$image" --build-arg "BASE=$base" -
