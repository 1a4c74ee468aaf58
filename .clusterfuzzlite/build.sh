#!/usr/bin/env bash
# Builds all fuzz targets for ClusterFuzzLite: programs, corpora, dictionaries and options go to $OUT.
# Without the image: OUT=/some/folder CARGO_FUZZ="cargo +nightly fuzz" .clusterfuzzlite/build.sh
set -euo pipefail
: "${OUT:?the folder that takes the fuzz targets}"
cd "$(dirname "${BASH_SOURCE[0]}")"
cd "$(git rev-parse --show-toplevel 2>/dev/null || echo "${SRC:?}/deepshare")"
fuzz=${CARGO_FUZZ:-cargo fuzz}
# debug assertions: fuzz builds do not compile without, and checks of overflow come with them
# the system's allocator: the sanitizer of memory watches that one
$fuzz build -O --debug-assertions --no-default-features --no-trace-compares --sanitizer "${SANITIZER:-address}"
built=fuzz/target/x86_64-unknown-linux-gnu/release
for source in fuzz/fuzz_targets/*.rs; do
    target=$(basename "$source" .rs)
    cp "$built/$target" "$OUT/"
    python3 -m zipfile -c "$OUT/${target}_seed_corpus.zip" "fuzz/corpora/$target"/*
    printf '[libfuzzer]\nmax_len = 4096\ntimeout = 25\n' >"$OUT/$target.options"
    if [ -e "fuzz/dictionaries/$target.dict" ]; then
        cp "fuzz/dictionaries/$target.dict" "$OUT/"
        printf 'dict = %s.dict\n' "$target" >>"$OUT/$target.options"
    fi
done
