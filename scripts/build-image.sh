#!/usr/bin/env bash
# Builds the image earshot:local with buildah, as root, also where no image registry can be reached: the base is then made of
# Debian's own packages. BASE=IMAGE takes another base; further words go to `buildah build`, such as --volume for a pip.conf.
set -euo pipefail
cd "$(dirname "$0")/.."

build() { buildah --storage-driver vfs "$@"; }

if [ -z "${BASE:-}" ]; then
    BASE=localhost/earshot-base
    if ! build inspect --type image "$BASE" >/dev/null 2>&1; then
        root=$(mktemp -d)
        trap 'rm -rf "$root"' EXIT
        debootstrap --variant=minbase --include=ca-certificates,python3,python3-venv bookworm "$root/base"
        rm -rf "$root"/base/var/cache/apt/* "$root"/base/var/lib/apt/lists/*
        container=$(build from scratch)
        build add -q "$container" "$root/base" /
        build commit -q --rm "$container" "$BASE"
    fi
fi
build build --layers --format docker --isolation chroot --build-arg BASE="$BASE" --tag localhost/earshot:local "$@" .
build images localhost/earshot:local
