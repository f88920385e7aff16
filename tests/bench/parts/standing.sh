# What the server takes without being driven: memory, and the time that a start takes. Sourced by tests/bench/run.

standing=$out/standing.tsv # ROW NAME FIGURE TEXT

measure_standing() {
    local row
    : >"$standing"
    for row in $(chosen standing); do
        say "$row" >&2
        "standing_$row" | sed "s/^/$row\t/" >>"$standing"
    done
}

figure() { printf '%s\t%s\t%s\n' "$@"; } # NAME FIGURE TEXT

rss_mb() { awk '/^VmRSS/ { printf "%.1f", $2 / 1024 }' "/proc/$1/status"; } # PID

# A server that has just started; then with tokens asked about; then while many connections ask besides.
standing_memory() {
    tokens_more 101000
    subject_restart
    process_stop bare
    bare_start
    figure at-rest "$(rss_mb "$(subject_pid)")" "MB at rest; bare library $(rss_mb "$(pid_of bare)")"
    ask_about 100000
    figure tokens "$(rss_mb "$(subject_pid)")" "MB after 100,000 tokens were asked about"
    figure full "$(rss_under 1000 "$plain/introspect" onedoor-main)" \
        "MB with 1,000 connections besides; bare library $(rss_under 1000 "$bare_url" bare)"
}

# ask_about NUMBER: at least that many tokens, however long it takes.
ask_about() {
    awk -v most="$1" 'NR > most + 32 { exit } { print }' "$tokens".[01] >"$state/some.0"
    BENCH_UNTIL_USED_UP=yes BENCH_AUTH=$(basic resource) BENCH_TOKENS=$state/some \
        wrk -t 1 -c 32 -d 300s -s "$bench/wrk/introspect_each.lua" "$plain/introspect" >"$out/ask.log"
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
    registry_fill
    for ((round = 0; round < rounds; round++)); do
        process_stop onedoor-main
        server+=("$(start_ms "${plain##*:}" onedoor-main "$ONEDOOR_BINARY" --config "$state/main.conf" serve)")
        process_stop bare
        bare+=("$(start_ms "$bare_port" bare "$built/bench.bare" "$bare_port" 2 "$answer")")
    done
    figure first-answer "$(printf '%s\n' "${server[@]}" | sort -n | middle)" \
        "ms from the start to the first answer, of $(spread "${server[@]}"); bare library $(spread "${bare[@]}")"
}

# A thousand applications besides those of the sample city.
registry_fill() {
    awk -v base="$(get .people_base)" -v registry="$(get .registry_base)" -v people=0 -v apps=1000 -v roles=0 -v hash='RBNvo1WzZ4oRRq0W9-hknpT7T8If536DEMBg9hyq_4o 0' \
        -f "$bench/large_city.awk" | ldapadd -x -H "$(get .ldap.uri)" -D "$(get .ldap.admin_dn)" \
        -w "$(get .ldap.admin_password)" >"$out/ldapadd.log" 2>&1 || fail "no applications could be added; see $out/ldapadd.log"
}

# start_ms PORT NAME COMMAND...: from the start of a process to its first answer.
start_ms() {
    local port=$1 name=$2 began
    shift 2
    began=$(date +%s%N)
    process_start "$name" "$@"
    until answers "$port"; do sleep 0.001; done
    echo $((($(date +%s%N) - began) / 1000000))
}

# answers PORT: asked by the shell itself, because starting curl takes as long as the server does.
answers() {
    local line=
    { exec 3<>"/dev/tcp/127.0.0.1/$1"; } 2>/dev/null || return 1
    printf 'GET /jwks HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
    read -r -t 2 line <&3 || true
    exec 3>&-
    [[ $line == 'HTTP/1.1 200'* ]]
}

# spread VALUE...: least–most
spread() { printf '%s\n' "$@" | sort -n | awk '{ v[NR] = $1 } END { printf "%s–%s", v[1], v[NR] }'; }
