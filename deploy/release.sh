#!/usr/bin/env bash
# `./dev release`: builds the archive, the list of what is in the binary, and their checksums into target/release-files/.
# RELEASE_BINARY=FILE takes a binary that is there instead of building one, RELEASE_OUT=FOLDER names another place.
set -euo pipefail
cd "$(dirname "$0")/.."
cargo="${CARGO:-cargo}"
target="${CARGO_TARGET_DIR:-target}"
out="${RELEASE_OUT:-target/release-files}"
# Its newest version when this was written; --locked builds it of the versions that its authors tried.
SBOM_TOOL=cargo-cyclonedx@0.5.9

say() { printf './dev release: %s\n' "$*" >&2; }

# What is not committed is in no archive that a commit names.
if [ -n "$(git status --porcelain)" ] && [ "${1:-}" != --dirty ]; then
  say "there are changes that are not committed; commit them, or try with --dirty"
  exit 1
fi
# Archives of one commit bear its time, whoever makes them and when.
SOURCE_DATE_EPOCH="$(git log -1 --format=%ct)"
LMS_GATEWAY_REVISION="$(git rev-parse HEAD)"
export SOURCE_DATE_EPOCH LMS_GATEWAY_REVISION

binary="${RELEASE_BINARY:-}"
if [ -z "$binary" ]; then
  say "building the release binary (some minutes)"
  "$cargo" build --locked --release -p proxy --bin lms-gateway
  binary="$target/release/lms-gateway"
fi
field() { "$binary" version --json | sed -n "s/^.*\"$1\": *\"\([^\"]*\)\".*$/\1/p" | head -n 1; }
version="$(field version)" triple="$(field target)"
name="lms-gateway-$version-$triple"

if [ ! -x target/tools/bin/cargo-cyclonedx ]; then
  say "installing $SBOM_TOOL into target/tools"
  "$cargo" install --quiet --locked --root target/tools "$SBOM_TOOL"
fi

rm -rf "$out"
mkdir -p "$out/$name/completions"
install -m 755 "$binary" "$out/$name/lms-gateway"
cp -R LICENSE README.md CHANGELOG.md config deploy docs "$out/$name/"
# The binary holds Swagger UI, whose licence and notice go where it goes.
swagger_ui=crates/proxy/vendor/swagger-ui
mkdir -p "$out/$name/licenses/swagger-ui"
cp "$swagger_ui"/{LICENSE,NOTICE,swagger-ui-bundle.js.LICENSE.txt} "$out/$name/licenses/swagger-ui/"
for shell in bash zsh fish elvish powershell; do
  "$binary" completions "$shell" >"$out/$name/completions/lms-gateway.$shell"
done

# Of this binary for this target: what only builds or tests it is not in it. The tool writes beside the manifest.
target/tools/bin/cargo-cyclonedx cyclonedx --manifest-path crates/proxy/Cargo.toml --format json --describe binaries --spec-version 1.5 \
  --no-build-deps --target "$triple" --quiet
# Without the place of this checkout, so that it is the same everywhere.
# Cargo does not know of Swagger UI.
swagger_version="$(sed -n 's/^swagger-ui-dist \([0-9.]*\),.*/\1/p' "$swagger_ui/README.md")"
purl="pkg:npm/swagger-ui-dist@$swagger_version"
part="{\"type\": \"library\", \"bom-ref\": \"$purl\", \"name\": \"swagger-ui-dist\", \"version\": \"$swagger_version\", "
part+="\"scope\": \"required\", \"licenses\": [{\"expression\": \"Apache-2.0\"}], \"purl\": \"$purl\"},"
sed -e "s|file://$PWD/|file:///lms-gateway/|g" -e "s|^  \"components\": \[\$|&\n    $part|" \
  crates/proxy/lms-gateway_bin.cdx.json >"$out/$name.cdx.json"
find crates bench -name '*.cdx.json' -delete

tar --sort=name --owner=0 --group=0 --numeric-owner --mtime="@$SOURCE_DATE_EPOCH" --format=gnu --mode='u+rw,go=rX' \
  --directory "$out" --create "$name" | gzip --no-name -9 >"$out/$name.tar.gz"
rm -r "${out:?}/$name"
(cd "$out" && sha256sum "$name.tar.gz" "$name.cdx.json" >SHA256SUMS)
say "made $(cd "$out" && ls | tr '\n' ' ')in $out"
