# The tables that a run ends with. Sourced by tests/bench/run.

report() {
    say
    say "Median of $rounds rounds of ${seconds} s; load generator and stores on the same $(nproc) cores."
    [ -z "$(chosen load)" ] || { say && report_loads && say && report_baselines; }
    [ -z "$(peer_rows)" ] || { say && report_peers; }
    [ -z "$(chosen standing)" ] || { say && awk -F '\t' '{ printf "- %s, %s\n", $1, $2 }' "$standing"; }
}

# line NAME BASELINE: one row of the table of loads.
line() {
    awk -v name="$1" -v base="$2" -v rate="$(median "$1" 2)" -v base_rate="$(median "$2" 2)" \
        -v low="$(field "$1" 2 | head -n 1)" -v high="$(field "$1" 2 | tail -n 1)" -v p99="$(median "$1" 4)" \
        -v cpu="$(median "$1" 5)" -v cpu_low="$(field "$1" 5 | head -n 1)" -v cpu_high="$(field "$1" 5 | tail -n 1)" \
        'BEGIN { printf "| %s | %.0f (%.0f–%.0f) | %.2f of %s | %.1f | %.0f (%.0f–%.0f) | %.0f |\n", name, rate, low, high,
            rate / base_rate, base, p99 / 1000, cpu, cpu_low, cpu_high, (cpu > 0 ? 1000000 / cpu : 0) }'
}

report_loads() {
    local row
    say "| what | a second (least–most) | ratio to the baseline | p99 ms | server CPU µs each (least–most) | for a CPU second |"
    say "|---|---|---|---|---|---|"
    for row in $(chosen load); do line "$row" "$(table_baseline "$row")"; done
}

report_baselines() {
    local name
    say "| baseline | a second (least–most) | p99 ms | its CPU µs each |"
    say "|---|---|---|---|"
    for name in $(chosen_baselines); do
        awk -v name="$name" -v rate="$(median "$name" 2)" -v low="$(field "$name" 2 | head -n 1)" \
            -v high="$(field "$name" 2 | tail -n 1)" -v p99="$(median "$name" 4)" -v cpu="$(median "$name" 5)" \
            'BEGIN { printf "| %s | %.0f (%.0f–%.0f) | %s | %s |\n", name, rate, low, high,
                (p99 > 0 ? sprintf("%.1f", p99 / 1000) : ""), (cpu > 0 ? sprintf("%.1f", cpu) : "") }'
    done
}

report_peers() {
    local name
    say "| peer | what | a second (least–most) | p99 ms | its CPU µs each | Onedoor's rate to its | its CPU to Onedoor's |"
    say "|---|---|---|---|---|---|---|"
    for name in $(peer_rows); do
        awk -v peer="${name%%/*}" -v row="${name#*/}" -v rate="$(median "$name" 2)" -v low="$(field "$name" 2 | head -n 1)" \
            -v high="$(field "$name" 2 | tail -n 1)" -v p99="$(median "$name" 4)" -v cpu="$(median "$name" 5)" \
            -v our_rate="$(median "${name#*/}" 2)" -v our_cpu="$(median "${name#*/}" 5)" \
            'BEGIN { printf "| %s | %s | %.0f (%.0f–%.0f) | %.1f | %.0f | %.1f | %.1f |\n", peer, row, rate, low, high,
                p99 / 1000, cpu, our_rate / rate, cpu / our_cpu }'
    done
}
