# The two stores: a private slapd with the sample city, a private redis-server. Sourced by server/demo.

ldap_port=$((8389 + offset))
redis_socket=$state/redis/redis.sock
ldap_uri=ldap://127.0.0.1:$ldap_port

# A path as part of an ldapi URI.
ldapi_uri() { printf 'ldapi://%s' "$(printf '%s' "$state/slapd/ldapi" | sed 's|/|%2F|g')"; }

stores_start() {
    [ ${#redis_socket} -le 100 ] || fail "the path $state is too long for a socket; set ONEDOOR_DEMO_STATE"
    if ! process_runs redis; then
        mkdir -p "$state/redis"
        process_start redis redis-server "$root/server/demo-parts/redis.conf" \
            --dir "$state/redis" --unixsocket "$redis_socket"
    fi
    if ! process_runs slapd; then
        [ -d "$state/slapd/slapd.d" ] || {
            say "Making the sample city."
            "$root/directory/openldap/setup.sh" "$state/slapd" >"$state/slapd-setup.log" 2>&1 ||
                { tail -n 20 "$state/slapd-setup.log" >&2; fail "slapd could not be set up"; }
        }
        # -d 0 keeps it in the foreground, so that its pid is ours.
        process_start slapd slapd -d 0 -F "$state/slapd/slapd.d" -h "$(ldapi_uri) $ldap_uri/"
    fi
    wait_until 10 redis-cli -s "$redis_socket" ping || fail "redis-server does not answer; see $state/log/redis.log"
    wait_until 10 ldapsearch -x -H "$ldap_uri" -s base -b "" || fail "slapd does not answer; see $state/log/slapd.log"
}

stores_stop() {
    process_stop redis
    process_stop slapd
}
