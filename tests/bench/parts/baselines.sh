# What the server is compared with in the same run: the HTTP library alone, plain and over TLS with the server's own
# certificate. (redis-benchmark and openssl speed need no process of ours.) Sourced by tests/bench/run.

bare_port=$((8090 + offset)) bare_tls_port=$((8091 + offset)) bare_json_port=$((8095 + offset))
bare_url=http://127.0.0.1:$bare_port/introspect
bare_json_url=http://127.0.0.1:$bare_json_port/access/v1/evaluation
bare_tls_url=https://localhost:$bare_tls_port/introspect

baselines_start() {
    bare_start
    process_start bare-json "$built/bench.bare" "$bare_json_port" 2 '{"decision":true}'
    wait_until 10 curl -fs -d x "$bare_json_url" || fail "the bare library does not answer on port $bare_json_port"
    process_start bare-tls "$built/bench.bare" "$bare_tls_port" 2 "$answer" "$state/tls/server.pem" "$state/tls/server.key"
    wait_until 10 curl -fsk -d x "$bare_tls_url" || fail "the bare library over TLS does not answer"
}

bare_start() {
    process_start bare "$built/bench.bare" "$bare_port" 2 "$answer"
    wait_until 10 curl -fs -d x "$bare_url" || fail "the bare library does not answer on port $bare_port"
}

baselines_stop() {
    process_stop bare
    process_stop bare-json
    process_stop bare-tls
}
