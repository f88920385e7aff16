# The tables that a run ends with. Sourced by tests/bench/run.

report() {
    say
    say "Median of $rounds rounds of ${seconds} s; load generator and stores on the same $(nproc) cores."
    [ -z "$(chosen load)" ] || { say && report_loads && say && report_baselines; }
    [ -z "$(peer_rows)" ] || { say && report_peers; }
    [ -z "$(chosen standing)" ] || { say && awk -F '\t' '{ printf "- %s: %s %s\n", $1, $3, $4 }' "$standing"; }
    report_targets | awk '{ text = text "\n" $0 } / \| (met|missed|not measured) \|$/ { all++ } / \| met \|$/ { met++ }
        END { if (all) printf "%s\n\n%d of %d targets met.\n", text, met, all }'
}

# spread_of NAME COLUMN: median (least–most)
spread_of() { field "$1" "$2" | awk '{ v[NR] = $1 } END { f = v[NR] < 100 ? "%.1f" : "%.0f"
    if (v[NR] > 0) printf f " (" f "–" f ")", v[int((NR + 1) / 2)], v[1], v[NR] }'; }

ms_of() { awk -v us="$(median "$1" 4)" 'BEGIN { if (us > 0) printf "%.1f", us / 1000 }'; } # p99
two_digits() { awk -v n="$1" 'BEGIN { if (n != "") printf (n < 10 ? "%.2f" : "%.1f"), n }'; }
a_cpu_second() { awk -v cpu="$(median "$1" 5)" 'BEGIN { if (cpu > 0) printf "%.0f", 1000000 / cpu }'; }

report_loads() {
    local row base rate cpu
    say "| what | a second (least–most) | ratio to the baseline's rate | p99 ms | server CPU µs each (least–most) | to the baseline's | for a CPU second |"
    say "|---|---|---|---|---|---|---|"
    for row in $(chosen load); do
        base=$(table_baseline "$row") cpu=
        rate=$(two_digits "$(measured "$row" rate "$base")")
        case $base in bare*) cpu=$(quotient "$(median "$row" 5)" "$(median "$base" 5)") ;; esac
        say "| $row | $(spread_of "$row" 2) | ${rate:+$rate of $base}$(judged "$row" rate "$base") |" \
            "$(ms_of "$row") | $(spread_of "$row" 5)$(judged "$row" cpu-µs -) | $(two_digits "$cpu") | $(a_cpu_second "$row") |"
    done
    say
    for row in $(chosen load); do
        case $row in *introspection*) say "- $row: $(awk -v n="$(median "$row" 6)" 'BEGIN { printf "%.1f", n * 100 }') % answered from memory" ;; esac
    done
}

report_baselines() {
    local name
    say "| baseline | a second (least–most) | p99 ms | its CPU µs each (least–most) |"
    say "|---|---|---|---|"
    for name in $(chosen_baselines); do
        say "| $name | $(spread_of "$name" 2) | $(ms_of "$name") | $(spread_of "$name" 5) |"
    done
}

report_peers() {
    local name row peer
    say "| peer | what | a second (least–most) | p99 ms | its CPU µs each (least–most) | Onedoor's rate to its | its CPU to Onedoor's |"
    say "|---|---|---|---|---|---|---|"
    for name in $(peer_rows); do
        row=${name#*/} peer=${name%%/*}
        say "| $peer | $row | $(spread_of "$name" 2) | $(ms_of "$name") | $(spread_of "$name" 5) |" \
            "$(two_digits "$(measured "$row" rate "$peer")")$(judged "$row" rate "$peer") |" \
            "$(two_digits "$(measured "$row" cpu "$peer")")$(judged "$row" cpu "$peer") |"
    done
}
