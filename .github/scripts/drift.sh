#!/usr/bin/env bash
# Compares a stack with its database, and changes neither. Ends with 1 when they differ.
#
#   drift.sh <stack> <file for the result, as Markdown>
set -euo pipefail

status=0
.github/scripts/tenantry.sh refresh --stack "$1" --expect-no-changes --format markdown >>"$2" || status=$?
# What no resource stands for, such as the tables in a tenant's schema.
found=$(.github/scripts/tenantry.sh doctor --stack "$1") || status=$?
printf '\n```\n%s\n```\n' "$found" >>"$2"
exit "$status"
