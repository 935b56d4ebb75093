#!/bin/sh
# build.sh DIR: compiles the sources beside it for this machine into DIR/linux-x86_64, in place of
# the library that lies there prebuilt. Without a C compiler, or elsewhere than on Linux x86_64, that
# one stays.
set -eu
[ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] || exit 0
cc=$(command -v "${CC:-clang}" || command -v clang-19 || command -v cc) || exit 0
sources=$(dirname "$0")
target=$1/linux-x86_64/libspectron_cpu.so
mkdir -p "$(dirname "$target")"
if "$cc" -O3 -Wall -Wextra -fPIC -shared -s -fvisibility=hidden -ffp-contract=off \
  -Wl,--build-id=none -o "$target.new" "$sources/integers.c" "$sources/bf16.c"; then
  mv "$target.new" "$target"
else
  rm -f "$target.new"
  echo "$cc cannot compile $sources: the prebuilt library stays; set CC to another compiler" >&2
fi
