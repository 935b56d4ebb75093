#!/bin/sh
# build.sh DIR: compiles libcuda.so.1 and libcublas.so.12 into DIR, unless they are newer than every
# source. Without g++ it says so and builds nothing: whoever loads the emulator then gets an error.
set -eu
target=$1
here=$(cd "$(dirname "$0")" && pwd)
cuda=$target/libcuda.so.1
blas=$target/libcublas.so.12
if [ -f "$blas" ] && [ -z "$(find "$here" -type f -newer "$blas")" ]; then
  exit 0
fi
rm -f "$cuda" "$blas"
if ! command -v "${CXX:-g++}" > /dev/null; then
  echo "cuda-emulator: no C++ compiler ${CXX:-g++}: the emulated driver is not built" >&2
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$target"
flags="-std=c++20 -O2 -fwrapv -fPIC -fvisibility=hidden -ffp-contract=off -Wall -Wextra -Werror"

# compile DIR...: every source of the folders into objects.
compile() {
  for source in "$@"; do
    "${CXX:-g++}" $flags -c "$here/$source" -o "$work/$(echo "$source" | tr / _).o"
  done
}

# stubs LIST CODE OBJECTS...: an object in which each listed function that the objects lack returns
# CODE. A function that is absent altogether would end the process that calls it.
stubs() {
  list=$1 code=$2
  shift 2
  nm --defined-only "$@" | awk '{print $3}' | sort -u > "$work/defined"
  sort -u "$list" | comm -23 - "$work/defined" |
    sed "s/.*/extern \"C\" __attribute__((visibility(\"default\"))) int &() { return $code; }/" > "$work/stubs.cpp"
  "${CXX:-g++}" $flags -c "$work/stubs.cpp" -o "$work/stubs.o"
}

cd "$here"
compile ptx/*.cpp machine/*.cpp driver/*.cpp
stubs driver/symbols.txt 801 "$work"/*.cpp.o
"${CXX:-g++}" -shared -s -Wl,-soname,libcuda.so.1 -o "$cuda" "$work"/*.cpp.o "$work/stubs.o"
rm "$work"/*.o
compile blas/cublas.cpp
stubs blas/symbols.txt 15 "$work"/*.cpp.o
"${CXX:-g++}" -shared -s -Wl,-soname,libcublas.so.12 -Wl,--version-script="$here/blas/exports.map" \
  -o "$blas" "$work"/*.cpp.o "$work/stubs.o" "$cuda"
