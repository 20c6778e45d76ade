#!/usr/bin/env bash
# Carries out the plan of a stack that a pull request's comment shows, and no other one.
#
#   deploy.sh <stack> <comment file>
set -euo pipefail

plan=$(.github/scripts/tenantry.sh comment plan "$2" --stack "$1")
.github/scripts/tenantry.sh up --stack "$1" --yes --expect-plan "$plan"
