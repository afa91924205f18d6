#!/bin/sh
# Builds what `npm run test:interop:solana` needs, once per version, into the folder
# ${CAUSEWAY_CACHE:-~/.cache/causeway}: the unmodified validator (an hour or so on two cores, some GB of disk
# while it builds, 80 MB after), and our Geyser plugin (3 minutes; again when its sources change). Needs
# Debian 12, Rust 1.95 with cargo, and the crates' registry.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/versions"
plugin_sources=$here/../../../contracts/solana/geyser
home=${CAUSEWAY_CACHE:-$HOME/.cache/causeway}/agave-$AGAVE
[ ! -e "$HOME/.cargo/env" ] || . "$HOME/.cargo/env"

# A program or library of these is missing: what installs it
packages="clang-19 libclang-19-dev libudev-dev protobuf-compiler pkg-config libssl-dev cmake g++"
install_packages() {
  missing=
  for package in $packages; do
    dpkg -s "$package" >/dev/null 2>&1 || missing="$missing $package"
  done
  [ -n "$missing" ] || return 0
  echo "installing$missing"
  if [ "$(id -u)" = 0 ]; then as_root=; else as_root=sudo; fi
  $as_root apt-get update -q
  # shellcheck disable=SC2086
  $as_root apt-get install -y -q $missing
}

build_validator() {
  install_packages
  echo "building solana-test-validator $AGAVE: about 41 minutes on two cores without other work, once"
  # Without link-time optimisation and debug information: a third of the time, and of the memory
  LIBCLANG_PATH=/usr/lib/llvm-19/lib CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 \
    CARGO_PROFILE_RELEASE_DEBUG=0 nice -n 10 cargo install agave-validator --version "$AGAVE" \
    --bin solana-test-validator --locked --root "$home/unfinished" --target-dir "$home/build"
  rustc --version >"$home/rustc"
  cp "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*/agave-validator-"$AGAVE"/Cargo.lock "$home/Cargo.lock"
  mkdir -p "$home/bin"
  mv "$home/unfinished/bin/solana-test-validator" "$home/bin/"
  rm -rf "$home/unfinished" "$home/build"
}

# The plugin and the validator call each other by Rust's own conventions: one compiler, one Cargo.lock
build_plugin() {
  if [ "$(rustc --version)" != "$(cat "$home/rustc")" ]; then
    echo "the validator was built by $(cat "$home/rustc"), this is $(rustc --version)" >&2
    echo "use that one, or remove $home" >&2
    exit 1
  fi
  install_packages
  echo "building the Geyser plugin: about 3 minutes"
  rm -rf "$home/plugin-sources"
  cp -R "$plugin_sources" "$home/plugin-sources"
  cp "$home/Cargo.lock" "$home/plugin-sources/"
  nice -n 10 cargo build --manifest-path "$home/plugin-sources/Cargo.toml" --target-dir "$home/plugin-build"
  mkdir -p "$home/plugin"
  cp "$home/plugin-build/debug/libcauseway_geyser.so" "$1.unfinished"
  mv "$1.unfinished" "$1"
  rm -rf "$home/plugin-sources" "$home/plugin-build"
}

mkdir -p "$home"
[ -x "$home/bin/solana-test-validator" ] || build_validator
plugin=$(node "$here/run.mjs" --plugin)
[ -e "$plugin" ] || build_plugin "$plugin"
echo "$home"
