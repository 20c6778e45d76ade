#!/usr/bin/env bash
# Makes the image BASE of the host's own distribution and PostgreSQL's client, from the package source that apt uses
# here. Run it in a mount namespace of its own: what it mounts, it does not unmount.
set -euo pipefail
base=$1

# shellcheck source=/dev/null
codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
mirror=$(apt-get indextargets --format '$(REPO_URI)' \
  'Identifier: Packages' "Release: $codename" 'Component: main' | head -n 1)
if [[ -z $mirror ]]; then
  echo "apt has no package source for '$codename'" >&2
  exit 1
fi

# In memory: no waiting for the disk after each package, and nothing is left behind however this ends.
root=/mnt
mount -t tmpfs tmpfs "$root"
debootstrap --variant=minbase --include=postgresql-client "$codename" "$root" "$mirror"
tar --create --directory "$root" \
  --exclude='./var/cache/apt/*' --exclude='./var/lib/apt/lists/*' \
  --exclude='./usr/share/doc/*' --exclude='./usr/share/man/*' --exclude='./usr/share/locale/*' . |
  docker import - "$base"
