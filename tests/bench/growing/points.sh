# Loads at one size of something, and the tables and plots of all sizes. Sourced by tests/bench/growth.

redis_name=redis redis_at= # another process and socket than the demo's
redis() { redis-cli -s "${redis_at:-$(get .redis.socket)}" "$@"; }
redis_info() { redis info memory | awk -F '[:\r]' -v name="$1" '$1 == name { print $2 }'; }
redis_keys() { redis dbsize; }

points_of() { echo "$out/growth-$1.tsv"; } # TOPIC: lines SIZE ROW RATE BASELINE_RATE P99 CPU REDIS_CPU

# measure_point TOPIC SIZE ROW...: medians of the rounds, each row's baseline beside it.
measure_point() {
    local topic=$1 size=$2 row baseline round
    shift 2
    : >"$results"
    : >"$results.redis"
    say "$topic: $size" >&2
    for ((round = 1; round <= rounds; round++)); do
        for row in "$@"; do
            baseline=$(table_baseline "$row")
            measure_round "$row"
            [ -z "$baseline" ] || measure_round "$baseline"
        done
    done
    for row in "$@"; do
        baseline=$(table_baseline "$row")
        printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$size" "$row" "$(median "$row" 2)" \
            "$([ -z "$baseline" ] && echo 0 || median "$baseline" 2)" "$(median "$row" 4)" "$(median "$row" 5)" \
            "$(awk -F '\t' -v name="$row" '$1 == name { print $2 }' "$results.redis" | sort -n | middle)" >>"$(points_of "$topic")"
    done
}

# One round, and what it cost Redis.
measure_round() { # ROW
    local before line
    before=$(cpu_ticks "$(pid_of "$redis_name")")
    line=$(round_of "$1" "$(connections_of "$1")")
    say "$line" >>"$results"
    awk -F '\t' -v ticks=$(($(cpu_ticks "$(pid_of "$redis_name")") - before)) -v seconds="$seconds" -v tick_us=$((1000000 / $(getconf CLK_TCK))) \
        '{ printf "%s\t%.2f\n", $1, ($2 > 0 ? ticks * tick_us / ($2 * seconds) : 0) }' <<<"$line" >>"$results.redis"
}

# Each size beside the smallest. The rate's ratio is that of the ratios to the baselines, where there is one.
growth_table() { # TOPIC WHAT
    say
    say "| $2 | what | a second | of its baseline | p99 ms | server CPU µs each | Redis CPU µs each | rate to the smallest | server CPU to the smallest |"
    say "|---|---|---|---|---|---|---|---|---|"
    awk -F '\t' '
        { share = $4 > 0 ? $3 / $4 : $3 }
        !($2 in first) { first[$2] = share; cpu[$2] = $6 }
        { printf "| %s | %s | %.0f | %s | %.1f | %.1f | %.1f | %.2f | %s |\n", $1, $2, $3, ($4 > 0 ? sprintf("%.2f", share) : ""),
            $5 / 1000, $6, $7, share / first[$2], (cpu[$2] > 0 ? sprintf("%.2f", $6 / cpu[$2]) : "") }' "$(points_of "$1")"
}

# Rate and CPU time against the size.
growth_plot() { # TOPIC WHAT
    awk -F '\t' 'BEGIN { OFS = "\t" } { print $2, $1, $3, $6 }' "$(points_of "$1")" |
        node "$bench/draw/plot.mjs" "Growing: $2" "$2" "answers a second" "µs of the server's CPU each" >"$out/growth-$1.svg"
    say
    say "$out/growth-$1.svg"
}
