# The server's files (keys, certificate, settings) and its processes. Sourced by server/demo.

tls_port=$((8443 + offset))
issuer=https://localhost:$tls_port
plain_port() { [ "$1" = main ] && echo $((8080 + offset)) || echo $((8081 + offset)); }
management_port() { [ "$1" = main ] && echo $((8079 + offset)) || echo $((8078 + offset)); }
plain_url() { printf 'http://127.0.0.1:%s' "$(plain_port "$1")"; }
base_dn=dc=city,dc=example
people_base=$base_dn
registry_base=ou=registry,$base_dn
# In a small city a few entries are many percent; all of a kind gone at once are still not believed.
most_lost=${ONEDOOR_DEMO_MOST_LOST_PERCENT:-50}

# server_settings NAME: the settings of one server; the twin has no HTTPS listener.
server_settings() {
    local tls="listen_tls = 127.0.0.1:$tls_port"
    [ "$1" = main ] || tls="listen_tls = off"
    cat <<TXT
[server]
issuer = $issuer
listen = 127.0.0.1:$(plain_port "$1")
$tls
management = 127.0.0.1:$(management_port "$1")
tls_certificate = $state/tls/server.pem
tls_key = $state/tls/server.key
master_key_file = $state/master.key
audit_file = $state/log/audit-$1.log

[directory]
uris = $(ldapi_uri) $ldap_uri
start_tls = no
bind_dn = cn=onedoor,ou=services,$base_dn
bind_password = \${file:$state/slapd/service.password}
people_base = $people_base
groups_base = $base_dn
organisations_base = ou=orgs,$base_dn
companies_base = ou=legal,$base_dn
registry_base = $registry_base
most_lost_percent = $most_lost

[redis]
address = unix:$redis_socket

[backchannel]
ca_file = $state/tls/ca.pem
allow_private = yes
request_ms = 3000

[pages]
place_name = Sample City
place_name_zh = 样例市
help_phone = 12345
TXT
}

server_prepare() {
    mkdir -p "$state/tls" "$state/log"
    [ -e "$state/master.key" ] || "$onedoor" make-master-key "$state/master.key"
    "$onedoor" local-ca "$state/tls" localhost 127.0.0.1 ::1
    server_settings main >"$state/main.conf"
    server_settings twin >"$state/twin.conf"
    "$onedoor" --config "$state/main.conf" registry prepare
}

# server_start NAME: returns when it answers.
server_start() {
    if ! process_runs "onedoor-$1"; then
        process_start "onedoor-$1" "$onedoor" --config "$state/$1.conf" serve
    fi
    wait_until 60 curl -fs "$(plain_url "$1")/.well-known/openid-configuration" || {
        tail -n 20 "$state/log/onedoor-$1.log" >&2
        fail "the server does not answer; its log: $state/log/onedoor-$1.log"
    }
}

server_stop() { process_stop "onedoor-$1"; }
