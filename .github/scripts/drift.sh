#!/usr/bin/env bash
# Compares a stack with its database, and changes neither. Ends with 1 when they differ.
#
#   drift.sh <stack> <file for the result, as Markdown>
set -euo pipefail

.github/scripts/tenantry.sh refresh --stack "$1" --expect-no-changes --format markdown >>"$2"
