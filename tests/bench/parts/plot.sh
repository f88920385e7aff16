# Rate and p99 against connections, as SVG. Sourced by tests/bench/run.

plot_connections=(1 8 32 128 512)

plot_all() {
    local row connections baseline peers
    # A baseline that takes no connections has no curve.
    for row in $(chosen load); do
        baseline=$(table_baseline "$row")
        peers=$(peer_rows | grep "/$row\$" || true)
        case $baseline in openssl-sign | -) baseline= ;; esac
        : >"$out/$row.tsv"
        for connections in "${plot_connections[@]}"; do
            say "$row: $connections connections" >&2
            # shellcheck disable=SC2086 # names have no spaces
            plot_points "$connections" "$row" $baseline $peers >>"$out/$row.tsv"
        done
        node "$bench/draw/plot.mjs" "$row" <"$out/$row.tsv" >"$out/$row.svg"
        say "$out/$row.svg"
    done
}

# plot_points CONNECTIONS NAME...: NAME CONNECTIONS RATE P99_ms, medians of the rounds.
plot_points() {
    local connections=$1 name round
    shift
    : >"$results"
    for ((round = 0; round < rounds; round++)); do
        for name in "$@"; do round_of "$name" "$connections" >>"$results"; done
    done
    for name in "$@"; do
        awk -v name="$name" -v connections="$connections" -v rate="$(median "$name" 2)" -v p99="$(median "$name" 4)" \
            'BEGIN { OFS = "\t"; print name, connections, rate, p99 / 1000 }'
    done
}
