#!/usr/bin/env bash
# Puts paths of a pull request, as merged into its base, over the base that is checked out. Nothing of it runs.
#
#   take-pull-request.sh <base> <head> <path>...
#
# Refuses a pull request that does not merge, and one whose paths hold anything but plain files: a link could name a
# secret of this machine.
set -euo pipefail

base=$1 head=$2
shift 2

if ! tree=$(git merge-tree --write-tree "$base" "$head"); then
  echo "The pull request does not merge into its base: merge the base into it, or rebase it." >&2
  exit 1
fi
tree=${tree%%$'\n'*}

for path in "$@"; do
  strange=$(git ls-tree -r "$tree" -- "$path" | grep --invert-match '^100644 ' || true)
  if [[ $path != . && -n $strange ]]; then
    printf 'Only plain files are taken from a pull request:\n%s\n' "$strange" >&2
    exit 1
  fi
done
git restore --source="$tree" --staged --worktree -- "$@"
echo "$tree"
