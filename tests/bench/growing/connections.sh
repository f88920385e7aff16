# Open and silent connections. Sourced by tests/bench/growth.
#
# One process holds as many as it may have descriptors (ulimit -Hn); where that is not enough, more servers stand beside the
# first, with the same settings but another port, and each holds a share.

read -ra growth_connection_sizes <<<"${ONEDOOR_GROWTH_CONNECTIONS:-1000 10000 50000}"
kept_descriptors=1000 # for everything but connections
extra_servers=0 holders=()

most_in_one() { echo $(($(ulimit -Hn) - kept_descriptors)); }

growth_connections() {
    local size
    : >"$(points_of connections)"
    redis_plain
    rm -f "$tokens".?
    tokens_more 1000
    connections_settings
    say
    say "| open connections | servers | memory of all servers, MB | bytes for each connection |"
    say "|---|---|---|---|"
    for size in "${growth_connection_sizes[@]}"; do
        connections_open_all "$size"
        measure_point connections "$size" introspection client-credentials
        connections_close
    done
    growth_table connections "open connections"
    growth_plot connections "open connections"
}

connections_settings() {
    sed -i '/^\[server\]/a connections = 1000000\nconnections_per_source = 1000000\nidle_seconds = 3600' "$state/main.conf"
}

# server_beside NUMBER: one more with its own port; 0 is the first.
server_beside() {
    local port
    port=$(port_beside "$1")
    sed -e "s|^listen = .*|listen = 127.0.0.1:$port|" -e 's|^listen_tls = .*|listen_tls = off|' \
        -e 's|^management = .*|management = off|' "$state/main.conf" >"$state/beside-$1.conf"
    process_start "onedoor-beside-$1" "$ONEDOOR_BINARY" --config "$state/beside-$1.conf" serve
    wait_until 60 curl -fs "http://127.0.0.1:$port/jwks" || fail "server $1 does not answer; see $state/log/onedoor-beside-$1.log"
}
port_beside() { if [ "$1" = 0 ]; then echo "${plain##*:}"; else echo $((8200 + offset + $1)); fi; }
name_beside() { if [ "$1" = 0 ]; then echo onedoor-main; else echo "onedoor-beside-$1"; fi; }

rss_of_all() { # kB
    local i sum=0
    for ((i = 0; i <= extra_servers; i++)); do
        sum=$((sum + $(awk '/^VmRSS/ { print $2 }' "/proc/$(pid_of "$(name_beside "$i")")/status")))
    done
    echo "$sum"
}

# connections_open_all NUMBER: opened, answered once and silent since; prints a line about the memory.
connections_open_all() {
    local left=$1 share i before after
    extra_servers=$((($1 - 1) / $(most_in_one)))
    subject_restart
    for ((i = 1; i <= extra_servers; i++)); do server_beside "$i"; done
    before=$(rss_of_all)
    for ((i = 0; i <= extra_servers; i++)); do
        share=$((left < $(most_in_one) ? left : $(most_in_one)))
        left=$((left - share))
        hold "$i" "$share"
    done
    after=$(rss_of_all)
    say "| $1 | $((extra_servers + 1)) | $((after / 1024)) | $(((after - before) * 1024 / $1)) |"
}

# hold SERVER NUMBER: a process that keeps them open until its input, which is a pipe of ours, ends.
hold() {
    local fd
    rm -f "$out/hold-$1.in"
    mkfifo "$out/hold-$1.in"
    "$built/bench.idle" "$(port_beside "$1")" "$2" <"$out/hold-$1.in" >"$out/hold-$1.log" 2>&1 &
    exec {fd}>"$out/hold-$1.in"
    holders+=("$fd")
    wait_until 120 grep -q "^OPEN $2$" "$out/hold-$1.log" || fail "$2 connections could not be opened: $(cat "$out/hold-$1.log")"
}

connections_close() {
    local fd i
    for fd in "${holders[@]}"; do exec {fd}>&-; done
    holders=()
    for ((i = 1; i <= extra_servers; i++)); do process_stop "onedoor-beside-$i"; done
    extra_servers=0
}
