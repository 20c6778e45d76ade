#!/usr/bin/env bash
# tenantry of this checkout. A secret that an environment does not have comes as an empty text: it is left out.
set -euo pipefail

for name in PULUMI_BACKEND_URL PULUMI_CONFIG_PASSPHRASE PULUMI_ACCESS_TOKEN \
  AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_REGION; do
  [[ -n ${!name:-} ]] || unset "$name"
done
exec node bin/tenantry.js "$@"
