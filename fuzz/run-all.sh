#!/usr/bin/env bash
# Runs fuzz targets, each for some seconds from its committed corpus, and sums up.
# Usage: fuzz/run-all.sh [--seconds N | --cpu-seconds N] [--jobs N] [--log FILE] [TARGET...]
#   --seconds N      for each target (default 10)
#   --cpu-seconds N  for each target, of CPU time, however busy the machine is
#   --jobs N         targets at a time (default 1)
#   --log FILE       appends a line for each target, tab-separated: day, commit, target, seconds, CPU seconds, executions,
#                    executions a CPU second, edges, inputs kept, crashes
# Without targets, all of them. New inputs go to fuzz/work/TARGET and are used again; findings go to
# fuzz/artifacts/TARGET. No sanitizer: the code forbids `unsafe`. Checks of overflow and assertions are on.
set -uo pipefail
cd "$(dirname "$0")/.."
seconds=10 cpu_seconds= jobs=1 log= targets=()
while [ $# -gt 0 ]; do
    case $1 in
        --seconds | --cpu-seconds | --jobs | --log)
            [ $# -ge 2 ] || { echo "fuzz/run-all.sh: $1 takes a value" >&2; exit 2; }
            name=${1#--}
            declare "${name/-/_}=$2"
            shift 2
            ;;
        --help) sed -n '2,10s/^# //p' fuzz/run-all.sh; exit ;;
        -*) echo "fuzz/run-all.sh: $1 is no option; --help says which there are" >&2; exit 2 ;;
        *) targets+=("$1"); shift ;;
    esac
done
for number in "$seconds" "${cpu_seconds:-1}" "$jobs"; do
    [[ $number =~ ^[1-9][0-9]*$ ]] || { echo "fuzz/run-all.sh: $number is no number from 1" >&2; exit 2; }
done
if [ -n "$cpu_seconds" ] && ! command -v ps >/dev/null; then
    echo "fuzz/run-all.sh: --cpu-seconds needs ps, of the package procps" >&2 # without it, nobody would end the fuzzers
    exit 2
fi
if [ ${#targets[@]} -eq 0 ]; then
    mapfile -t targets < <(basename --suffix=.rs --multiple fuzz/fuzz_targets/*.rs)
fi
for target in "${targets[@]}"; do
    [ -e "fuzz/fuzz_targets/$target.rs" ] || { echo "fuzz/run-all.sh: there is no target $target" >&2; exit 2; }
done

# DEEPSHARE_FUZZ_BUILD: more options of the build, such as --codegen-units 16 for a quick one, of targets that make two
# thirds of the executions
read -ra more <<<"${DEEPSHARE_FUZZ_BUILD:-}"
cargo +nightly fuzz build -s none --no-trace-compares "${more[@]}" || exit 2
built=fuzz/target/$(rustc -vV | sed -n 's/^host: //p')/release
head=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)

fuzz() { # fuzz PROGRAM OPTION...: a fuzzer; ends of itself, or is asked to when its CPU time is over
    "$@" &
    local fuzzer=$!
    while [ -n "$cpu_seconds" ] && used=$(ps -o cputimes= -p $fuzzer); do
        [ "$used" -lt "$cpu_seconds" ] || kill -USR1 $fuzzer
        sleep 1
    done
    wait $fuzzer
}

run() { # run TARGET: one target, its line of the table and of the log
    local target=$1 work=fuzz/work/$1 artifacts=fuzz/artifacts/$1 out=fuzz/work/$1.log options ended cpu
    mkdir -p "$work" "$artifacts"
    options=(-max_len=4096 -timeout=25 -print_final_stats=1 "-artifact_prefix=$artifacts/")
    [ -n "$cpu_seconds" ] || options+=("-max_total_time=$seconds")
    # without these libFuzzer's own bookkeeping takes a third of the time, and inputs drift to networks and texts that do
    # the same more often, which take half as long again
    options+=(-entropic=0 -reduce_inputs=0 -use_counters=0)
    [ -e "fuzz/dictionaries/$target.dict" ] && options+=("-dict=fuzz/dictionaries/$target.dict")
    local TIMEFORMAT='%U'
    { time fuzz "$built/$target" "${options[@]}" "$work" "fuzz/corpora/$target" >"$out" 2>&1; ended=$?; } 2>"$out.cpu"
    cpu=$(cat "$out.cpu")
    number() { grep -o "$1[: ]*[0-9]*" "$out" | tail -n 1 | grep -o '[0-9]*$'; }
    local executions rate edges inputs crashes=0
    executions=$(number stat::number_of_executed_units)
    rate=$(awk -v n="${executions:-0}" -v s="$cpu" 'BEGIN { printf "%d", (s > 0) ? n / s : 0 }')
    edges=$(number ' cov')
    inputs=$(find "$work" -type f | wc -l)
    [ $ended -eq 0 ] || crashes=1
    printf '%-16s %8s %12s %10s %8s %8s %8s\n' "$target" "${cpu%.*}" "${executions:-?}" "$rate" "${edges:-?}" "$inputs" "$crashes"
    if [ -n "$log" ]; then
        printf '%s\t' "$(date -u +%F)" "$head" "$target" "${cpu_seconds:+CPU }${cpu_seconds:-$seconds}" "$cpu" "${executions:-?}" "$rate" "${edges:-?}" "$inputs" >>"$log"
        printf '%s\n' "$crashes" >>"$log"
    fi
    [ $ended -eq 0 ] || { tail -n 20 "$out"; return 1; }
}

printf '%-16s %8s %12s %10s %8s %8s %8s\n' target 'CPU s' executions 'a CPU s' edges kept crashes
failed=0
for target in "${targets[@]}"; do
    while [ "$(jobs -pr | wc -l)" -ge "$jobs" ]; do
        wait -n || failed=1
    done
    run "$target" &
done
while [ "$(jobs -p | wc -l)" -gt 0 ]; do
    wait -n || failed=1
done
exit $failed
