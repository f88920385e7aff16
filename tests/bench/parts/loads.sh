# One round of each load. load_NAME CONNECTIONS prints, as wrk/report.lua does:
#   RATE a_second P50 µs P99 µs ERRORS number REQUESTS number
# and after that TICKS number where only a part of the process's CPU time belongs to these requests.
# Sourced by tests/bench/run.

# wrk_post CONNECTIONS SCRIPT URL
wrk_post() {
    local threads=2
    [ "$1" -ge 2 ] || threads=1
    BENCH_THREADS=$threads wrk -t "$threads" -c "$1" -d "${seconds}s" --latency -s "$bench/wrk/$2" "$3"
}

json() { BENCH_TYPE=application/json wrk_post "$@"; }

hot() { BENCH_AUTH=$(basic resource) BENCH_TOKENS=$tokens wrk_post "$1" introspect_hot.lua "$2"; } # CONNECTIONS URL

load_introspection() { hot "$1" "$plain/introspect"; }
load_bare() { hot "$1" "$bare_url"; }
load_decision() { BENCH_AUTH=$(basic resource) BENCH_BODY=$question json "$1" post.lua "$plain/access/v1/evaluation"; }
load_decision-20() { BENCH_AUTH=$(basic resource) BENCH_BODY=$questions json "$1" post.lua "$plain/access/v1/evaluations"; }
load_client-credentials() { BENCH_AUTH=$(basic service) BENCH_BODY=$token_request wrk_post "$1" post.lua "$plain/token"; }
load_client-credentials-everysec() {
    redis_syncs everysec
    load_client-credentials "$1"
    redis_syncs always
}
load_tls-introspection() { h2load_post "$1" "$(get .issuer)/introspect" "$(subject_pid)"; }
load_bare-json() { BENCH_AUTH=$(basic resource) BENCH_BODY=$question json "$1" post.lua "$bare_json_url"; }
load_bare-tls() { h2load_post "$1" "$bare_tls_url" "$(pid_of bare-tls)"; }

# When Redis has the disk keep what was written.
redis_syncs() { redis-cli -s "$(get .redis.socket)" config set appendfsync "$1" >"$out/redis.log"; }

# A server that has just started remembers no token.
prepare_introspection-each-token() { subject_restart; }

load_introspection-each-token() {
    BENCH_AUTH=$(basic resource) BENCH_TOKENS=$tokens wrk_post "$1" introspect_each.lua "$plain/introspect" >"$out/each.log"
    if grep -q '^RAN OUT' "$out/each.log"; then
        say "  introspection-each-token: the tokens were used up, so the rate is too low; see ONEDOOR_BENCH_TOKENS" >&2
    fi
    cat "$out/each.log"
}

load_sign-in() { sign_in "$1" "$plain" /authorize /token "$(basic portal)"; }

# sign_in CONNECTIONS URL AUTHORIZATION_ENDPOINT TOKEN_ENDPOINT CREDENTIALS
sign_in() {
    "$built/bench.signin" "${2##*:}" "$1" "$seconds" "$3" "$4" "$(get .users.citizen.username)" \
        "$(get .users.citizen.password)" "$(get '.apps.portal.redirect_uris[0] | @uri')" "$5"
}

# The key is what redis-benchmark asks for; the value is as long as the record of a token.
prepare_redis-get() {
    redis-cli -s "$(get .redis.socket)" set key:__rand_int__ "$(printf '%120s' '')" >"$out/redis.log"
}

load_redis-get() {
    redis-benchmark -s "$(get .redis.socket)" -c "$1" -n 100000 -t get --csv 2>"$out/redis-benchmark.log" |
        awk -F '"' '$2 == "GET" { printf "RATE %s P50 %d P99 %d ERRORS 0 REQUESTS 100000\n", $4, $10 * 1000, $14 * 1000 }'
}

load_openssl-sign() {
    openssl speed -seconds 1 ecdsap256 2>"$out/openssl-speed.log" |
        awk '/nistp256/ { printf "RATE %s P50 0 P99 0 ERRORS 0 REQUESTS %d\n", $(NF - 1), $(NF - 1) }'
}

# h2load_post CONNECTIONS URL PID: the introspection over HTTP/1.1 on kept TLS connections, which are opened during two
# seconds that don't count. The log has a line for each request: when it began, its status, and how many µs it took.
h2load_post() {
    local threads=2 before h2load_pid
    [ "$1" -ge 2 ] || threads=1
    printf 'token=%s' "$token" >"$out/h2load.body"
    rm -f "$out/h2load.log"
    timeout $((seconds + 30)) h2load --h1 -t "$threads" -c "$1" -D "$seconds" --warm-up-time=2 -d "$out/h2load.body" \
        -H "Authorization: $(basic resource)" -H 'Content-Type: application/x-www-form-urlencoded' \
        --log-file="$out/h2load.log" "$2" >"$out/h2load.out" &
    h2load_pid=$!
    sleep 2
    before=$(cpu_ticks "$3")
    wait "$h2load_pid" || return
    sort -n -k 3 "$out/h2load.log" | awk -v seconds="$seconds" -v ticks=$(($(cpu_ticks "$3") - before)) '
        { took[NR] = $3; errors += $2 != 200 }
        END { printf "RATE %.1f P50 %d P99 %d ERRORS %d REQUESTS %d TICKS %d\n", NR / seconds, took[int((NR + 1) / 2)],
            took[int((NR * 99 + 99) / 100)], errors, NR, ticks }'
}
