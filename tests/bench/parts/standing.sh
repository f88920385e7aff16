# What the server takes without being driven: memory, and the time that a start takes. Sourced by tests/bench/run.

standing=$out/standing.tsv # ROW FIGURE

measure_standing() {
    local row
    : >"$standing"
    for row in $(chosen standing); do
        say "$row" >&2
        "standing_$row" | sed "s/^/$row\t/" >>"$standing"
    done
}

rss_mb() { awk '/^VmRSS/ { printf "%.1f", $2 / 1024 }' "/proc/$1/status"; } # PID
redis_mb() { redis-cli -s "$(get .redis.socket)" info memory | awk -F '[:\r]' '$1 == "used_memory" { printf "%.1f", $2 / 1048576 }'; }
memory_line() { say "$1: server $(rss_mb "$(subject_pid)") MB, Redis $(redis_mb) MB, bare library $(rss_mb "$(pid_of bare)") MB"; }

# A server that has just started, on a Redis that knows nothing.
standing_memory() {
    redis-cli -s "$(get .redis.socket)" flushall >"$out/redis.log"
    rm -f "$tokens".*
    subject_restart
    process_stop bare
    bare_start
    memory_line "at rest"
    tokens_more
    memory_line "with $(tokens_there) tokens"
    memory_with_connections 1000
}

memory_with_connections() { # NUMBER
    say "with $1 connections: server $(rss_under "$1" "$plain/introspect" onedoor-main) MB, bare library $(rss_under "$1" "$bare_url" bare) MB"
}

# rss_under CONNECTIONS URL PROCESS: while that many connections are open and ask all the time.
rss_under() {
    local wrk_pid
    BENCH_AUTH=$(basic resource) BENCH_BODY="token=$token" \
        wrk -t 2 -c "$1" -d 8s -s "$bench/wrk/post.lua" "$2" >"$out/connections.log" &
    wrk_pid=$!
    wait_until 5 connections_open "$1" "${2%/introspect}" || fail "there were never $1 connections to $2"
    sleep 1
    rss_mb "$(pid_of "$3")"
    wait "$wrk_pid"
}

connections_open() { # AT_LEAST ORIGIN
    local port
    port=$(printf '%04X' "${2##*:}")
    [ "$(awk -v port=":$port" 'substr($2, length($2) - 4) == port && $4 == "01"' /proc/net/tcp | wc -l)" -ge "$1" ]
}

standing_start() {
    local round server=() bare=()
    for ((round = 0; round < rounds; round++)); do
        process_stop onedoor-main
        server+=("$(start_ms onedoor-main "$plain/jwks" "$ONEDOOR_BINARY" --config "$state/main.conf" serve)")
        process_stop bare
        bare+=("$(start_ms bare "$bare_url" "$built/bench.bare" "$bare_port" 2 "$answer")")
    done
    say "server $(spread "${server[@]}") ms, bare library $(spread "${bare[@]}") ms"
}

# start_ms NAME URL COMMAND...: from the start of a process to its first answer.
start_ms() {
    local name=$1 url=$2 began
    shift 2
    began=$(date +%s%N)
    process_start "$name" "$@"
    until curl -fs -o "$out/answer" "$url"; do sleep 0.002; done
    echo $((($(date +%s%N) - began) / 1000000))
}

# spread VALUE...: median (least–most)
spread() {
    local sorted
    sorted=$(printf '%s\n' "$@" | sort -n)
    printf '%s (%s–%s)' "$(middle <<<"$sorted")" "$(head -n 1 <<<"$sorted")" "$(tail -n 1 <<<"$sorted")"
}
