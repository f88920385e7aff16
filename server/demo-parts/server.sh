# The server's files (keys, certificate, settings) and its processes. Sourced by server/demo.

issuer=https://localhost:8443
base_dn=dc=city,dc=example
people_base=$base_dn
registry_base=ou=registry,$base_dn

# server_settings NAME PLAIN_PORT MANAGEMENT_PORT: the settings of one server; the twin has no HTTPS listener.
server_settings() {
    local tls="listen_tls = 127.0.0.1:8443"
    [ "$1" = main ] || tls="listen_tls = off"
    cat <<TXT
[server]
issuer = $issuer
listen = 127.0.0.1:$2
$tls
management = 127.0.0.1:$3
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
registry_base = $registry_base

[redis]
address = unix:$redis_socket

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
    server_settings main 8080 8079 >"$state/main.conf"
    server_settings twin 8081 8078 >"$state/twin.conf"
    "$onedoor" --config "$state/main.conf" registry prepare
}

# server_start NAME: returns when it answers.
server_start() {
    local port=8080
    [ "$1" = main ] || port=8081
    if ! process_runs "onedoor-$1"; then
        process_start "onedoor-$1" "$onedoor" --config "$state/$1.conf" serve
    fi
    wait_until 60 curl -fs "http://127.0.0.1:$port/.well-known/openid-configuration" || {
        tail -n 20 "$state/log/onedoor-$1.log" >&2
        fail "the server does not answer; its log: $state/log/onedoor-$1.log"
    }
}

server_stop() { process_stop "onedoor-$1"; }
