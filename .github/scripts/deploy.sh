#!/usr/bin/env bash
# Carries out the plan of a stack that a pull request's comment shows, and no other one.
#
#   deploy.sh <stack> <comment file>
set -euo pipefail

plan=$(npx tenantry comment plan "$2" --stack "$1")
npx tenantry up --stack "$1" --yes --expect-plan "$plan"
