# Where the server's CPU time goes under a load: a flame graph by perf, or callgrind's listing where perf cannot
# record. Sourced by tests/bench/run.

perf_works() {
    command -v perf >/dev/null && perf record -q -o "$out/perf.try" -e cpu-clock -- true >"$out/perf.log" 2>&1
}

profile() { # ROW
    # linux-perf may be there for other kernels, or not allowed to record.
    (install_packages linux-perf) || say "linux-perf cannot be installed" >&2
    if perf_works; then profile_perf "$1"; else profile_callgrind "$1"; fi
}

profile_perf() {
    local row=$1 load_pid
    "load_$row" "$(connections_of "$row")" >"$out/$row.load" &
    load_pid=$!
    perf record -q -e cpu-clock -F 499 --call-graph dwarf,16384 -p "$(subject_pid)" -o "$out/$row.perf" -- \
        sleep "$seconds" 2>"$out/perf.log"
    wait "$load_pid"
    perf script --no-inline -i "$out/$row.perf" -F comm,ip,sym,dso 2>>"$out/perf.log" | awk -f "$bench/draw/fold.awk" |
        sort >"$out/$row.folded"
    [ -s "$out/$row.folded" ] || fail "perf took no samples; see $out/perf.log"
    node "$bench/draw/flame.mjs" "onedoor: $row" <"$out/$row.folded" >"$out/$row.profile.svg"
    profile_innermost "$out/$row.folded"
    say "Flame graph: $out/$row.profile.svg; folded stacks: $out/$row.folded"
}

# The functions in which most samples were taken.
profile_innermost() { # FOLDED
    awk '{ n = $NF; sub(/ [0-9]+$/, ""); sub(/.*;/, ""); own[$0] += n; all += n }
        END { for (f in own) printf "%6.2f %%  %s\n", 100 * own[f] / all, f }' "$1" | sort -rn | head -n 30
}

profile_callgrind() {
    local row=$1
    say "perf cannot record here; callgrind instead, which is some fifty times slower." >&2
    install_packages valgrind
    rm -f "$out/$row".callgrind
    subject_restart valgrind --tool=callgrind --instr-atstart=no --callgrind-out-file="$out/$row.callgrind"
    callgrind_control -i on "$(subject_pid)" >"$out/callgrind.log"
    "load_$row" "$(connections_of "$row")" >"$out/$row.load"
    process_stop onedoor-main
    callgrind_annotate "$out/$row.callgrind" >"$out/$row.callgrind.txt" 2>>"$out/callgrind.log"
    head -n 60 "$out/$row.callgrind.txt"
    say "All of it: $out/$row.callgrind.txt"
}
