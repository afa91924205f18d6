#!/bin/sh
# Fetches the compiler of the programs: Debian's rustc-web with its core library for BPF, and the linker
# sbpf-linker built against Debian's LLVM. About 4 minutes and 520 MB, once per machine: they lie in a cache
# folder outside the checkout, and `.toolchain` links to it. Needs Debian 12 (with its security archive) and
# cargo.
set -eu
tools=$(cd "$(dirname "$0")" && pwd)
. "$tools/versions"
home=${CAUSEWAY_CACHE:-$HOME/.cache/causeway}/solana-toolchain-$TOOLCHAIN
# A folder that is complete has this file
if [ ! -e "$home/complete" ]; then
  rm -rf "$home"
  mkdir -p "$home/debs" "$home/llvm/lib"
  cd "$home/debs"
  apt-get download -q "rustc-web=$RUSTC" "libstd-rust-web-$RUSTC_SHORT=$RUSTC" "libstd-rust-web-dev=$RUSTC" \
    "libstd-rust-web-dev-bpf=$RUSTC" "libllvm22=$LLVM"
  for package in *.deb; do dpkg -x "$package" "$home"; done
  cd "$home"
  rm -rf debs
  libraries=$home/usr/lib/x86_64-linux-gnu
  ln -sf "$libraries/libLLVM.so.22.1" "$home/llvm/lib/libLLVM.so"
  LLVM_PREFIX=$home/llvm RUSTFLAGS="-C link-arg=-Wl,-rpath,$libraries" cargo install sbpf-linker \
    --version "$SBPF_LINKER" --locked --no-default-features --features bpf-linker/llvm-22 \
    --root "$home" --target-dir "$home/build"
  rm -rf "$home/build"
  touch "$home/complete"
fi
ln -sfn "$home" "$tools/../.toolchain"
echo "$home"
