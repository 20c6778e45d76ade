#!/usr/bin/env bash
# Previews a stack and puts it into the text of the comment. Ends as the preview did, the comment written in any case.
#
#   preview.sh <stack> <all stacks touched, as a JSON list> <comment file>
set -euo pipefail

stack=$1 comment=$3
mapfile -t stacks < <(node -p 'JSON.parse(process.argv[1]).join("\n")' "$2")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

status=0
.github/scripts/tenantry.sh preview --stack "$stack" --format markdown \
  --max-length $((60000 / ${#stacks[@]} < 2000 ? 2000 : 60000 / ${#stacks[@]})) \
  >"$scratch/section.md" || status=$?
.github/scripts/tenantry.sh comment merge "$comment" "$scratch/section.md" --stacks "${stacks[@]}" \
  >"$scratch/comment.md"
cp "$scratch/comment.md" "$comment"
exit "$status"
