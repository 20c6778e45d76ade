#!/usr/bin/env bash
# Says which stacks a pull request, or a push, touches: lines for $GITHUB_OUTPUT.
#
#   touched.sh <base> <head>
#
# `all` are all stacks whose plan may differ, `tenants` those whose list of tenants is all that changed, and `approval`
# the others: a preview of theirs asks first.
set -euo pipefail

.github/scripts/tenantry.sh touched --base "$1" --head "$2" --json | node -e '
  const touched = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
  const print = (name, list) => console.log(`${name}=${JSON.stringify(list.map(({ stack }) => stack))}`);
  print("all", touched);
  print("tenants", touched.filter(({ touch }) => touch === "tenants"));
  print("approval", touched.filter(({ touch }) => touch !== "tenants"));'
