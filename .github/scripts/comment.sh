#!/usr/bin/env bash
# Reads or writes the one comment of a pull request, with gh. Comments that others wrote with its mark are left aside.
#
#   comment.sh read <pull request> <file>    an empty file when there is none
#   comment.sh write <pull request> <file>
set -euo pipefail

action=$1 number=$2 file=$3
find_comment='.[] | select(.user.login == "github-actions[bot]")
  | select(.body | startswith("<!-- tenantry:preview -->"))'
comments="repos/$GITHUB_REPOSITORY/issues/$number/comments"
id=$(gh api --paginate "$comments" --jq "$find_comment | .id" | head -n 1)

case $action in
  read)
    if [[ -n $id ]]; then
      gh api "repos/$GITHUB_REPOSITORY/issues/comments/$id" --jq .body >"$file"
    else
      : >"$file"
    fi
    ;;
  write)
    if [[ -n $id ]]; then
      gh api --method PATCH "repos/$GITHUB_REPOSITORY/issues/comments/$id" --field "body=@$file" >/dev/null
    else
      gh api --method POST "$comments" --field "body=@$file" >/dev/null
    fi
    ;;
esac
