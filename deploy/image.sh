#!/usr/bin/env bash
# Builds the image without a Docker daemon and without a registry of images: a base from Debian's packages (debootstrap), and the
# Dockerfile by buildah in a chroot. Needs root, and `./dev packages buildah debootstrap`.
#
#   deploy/image.sh BINARY [TAG]
#
# BINARY is built for Debian 12 or older: its libc is the image's. TAG is lms-gateway:VERSION unless you say so.
# The image stands in target/image/storage: `buildah --root target/image/storage --storage-driver vfs images`. The last line prints the
# command that writes it into an archive, which `docker load`, `podman load` and `ctr images import` read.
set -euo pipefail
cd "$(dirname "$0")/.."
binary="${1:?which binary?}"
version="$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)"
tag="${2:-lms-gateway:$version}"
work="$PWD/target/image"
# Storage of its own, in plain folders: neither the machine's containers nor overlayfs are needed.
store=(--root "$work/storage" --runroot "$work/run" --storage-driver vfs)
mkdir -p "$work"

if ! buildah "${store[@]}" inspect --type image localhost/lms-gateway-base >/dev/null 2>&1; then
  rm -rf "$work/base"
  debootstrap --variant=minbase --include=ca-certificates bookworm "$work/base"
  # What no program of the image reads.
  rm -rf "$work"/base/var/cache/apt/* "$work"/base/var/lib/apt/lists/* "$work"/base/usr/share/{doc,man,locale}/* "$work"/base/var/log/*
  container="$(buildah "${store[@]}" from scratch)"
  buildah "${store[@]}" add --quiet "$container" "$work/base" /
  buildah "${store[@]}" commit --quiet --rm "$container" localhost/lms-gateway-base
  rm -rf "$work/base"
fi

install -m 755 "$binary" "$work/lms-gateway"
buildah "${store[@]}" bud --isolation chroot --build-arg BINARY=prebuilt --build-arg BASE=localhost/lms-gateway-base \
  --format docker --tag "$tag" .
printf 'built %s; as an archive: buildah %s push %s docker-archive:target/image/lms-gateway.tar:%s\n' "$tag" "${store[*]}" "$tag" "$tag"
