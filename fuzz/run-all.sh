#!/usr/bin/env bash
# Runs every fuzz target for some seconds, from its committed corpus, and sums up.
# Usage: fuzz/run-all.sh [SECONDS for each target, default 10] [TARGET...]
# New inputs go to fuzz/work/TARGET, findings to fuzz/artifacts/TARGET. No sanitizer: the code forbids `unsafe`, and
# checks of overflow and assertions are on.
set -uo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-10}
shift || true
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
    mapfile -t targets < <(basename --suffix=.rs --multiple fuzz/fuzz_targets/*.rs)
fi
failed=0
printf '%-16s %12s %12s %10s %8s\n' target executions 'a second' coverage crashes
for target in "${targets[@]}"; do
    work=fuzz/work/$target log=fuzz/work/$target.log
    mkdir -p "$work"
    options=("-max_total_time=$seconds" -max_len=4096 -timeout=25 -print_final_stats=1)
    dictionary=fuzz/dictionaries/$target.dict
    [ -e "$dictionary" ] && options+=("-dict=$dictionary")
    cargo +nightly fuzz run -s none "$target" "$work" "fuzz/corpora/$target" -- "${options[@]}" >"$log" 2>&1
    ended=$?
    number() { grep -o "$1[: ]*[0-9]*" "$log" | tail -n 1 | grep -o '[0-9]*$'; }
    executions=$(number stat::number_of_executed_units)
    rate=$(number stat::average_exec_per_sec)
    coverage=$(number cov)
    crashes=0
    if [ $ended -ne 0 ]; then crashes=1 failed=1; fi
    printf '%-16s %12s %12s %10s %8s\n' "$target" "${executions:-?}" "${rate:-?}" "${coverage:-?}" "$crashes"
    [ $ended -eq 0 ] || tail -n 20 "$log"
done
exit $failed
