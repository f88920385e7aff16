# Debian's glewlwyd with an SQLite file. The package is unpacked, not installed: its installation asks questions and
# starts a service. Sourced by parts/peers.sh.

glewlwyd_files=$out/glewlwyd

glewlwyd_unpack() {
    local packages package
    mapfile -t packages < <(apt-cache depends --no-recommends --no-suggests glewlwyd | awk '$1 == "Depends:" && $2 ~ /^lib/ { print $2 }')
    install_packages "${packages[@]}" sqlite3
    [ ! -x "$glewlwyd_files/usr/bin/glewlwyd" ] || return 0
    mkdir -p "$glewlwyd_files/usr/lib/glewlwyd/user_middleware" # which it wants to see
    (cd "$glewlwyd_files" && apt-get download glewlwyd >apt.log 2>&1 && package=$(echo glewlwyd_*.deb) && dpkg -x "$package" .)
}

glewlwyd_settings() { # PORT
    local lib=$glewlwyd_files/usr/lib/glewlwyd
    cat <<TXT
port = $1
bind_address = "127.0.0.1"
external_url = "http://127.0.0.1:$1"
login_url = "login.html"
api_prefix = "api"
static_files_path = "$glewlwyd_files"
log_mode = "console"
log_level = "WARNING"
cookie_domain = "127.0.0.1"
cookie_secure = false
session_expiration = 2419200
session_key = "GLEWLWYD2_SESSION_ID"
admin_scope = "g_admin"
profile_scope = "g_profile"
user_module_path = "$lib/user"
user_middleware_module_path = "$lib/user_middleware"
client_module_path = "$lib/client"
user_auth_scheme_module_path = "$lib/scheme"
plugin_module_path = "$lib/plugin"
hash_algorithm = "SHA512"
database = { type = "sqlite3"; path = "$state/glewlwyd.db"; };
TXT
}

# glewlwyd_admin PATH JSON: one call of its administration.
glewlwyd_admin() {
    curl -fsS -b "$state/glewlwyd.cookies" -c "$state/glewlwyd.cookies" -H 'Content-Type: application/json' \
        -d "$2" "$glewlwyd_url/api/$1" >"$out/answer" || fail "glewlwyd refuses $1: $(cat "$out/answer")"
}

glewlwyd_plugin() { # the OpenID Connect part: ES256, client credentials, introspection
    openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$state/glewlwyd.key" 2>"$out/openssl.log"
    jq -n --rawfile key "$state/glewlwyd.key" --arg cert "$(openssl pkey -in "$state/glewlwyd.key" -pubout)" --arg iss "$glewlwyd_url" '
        {module: "oidc", name: "oidc", display_name: "OpenID Connect", enabled: true, parameters: {
            iss: $iss, "jwt-type": "ecdsa", "jwt-key-size": "256", key: $key, cert: $cert,
            "access-token-duration": 3600, "refresh-token-duration": 1209600, "code-duration": 600,
            "refresh-token-rolling": true, "allow-non-oidc": true, "auth-type-client-enabled": true,
            "auth-type-code-enabled": false, "auth-type-token-enabled": false, "auth-type-id-token-enabled": false,
            "auth-type-none-enabled": false, "auth-type-password-enabled": false, "auth-type-device-enabled": false,
            "auth-type-refresh-enabled": false, "introspection-revocation-allowed": true,
            "introspection-revocation-allow-target-client": true, "jwks-show": true}}'
}

glewlwyd_setup() { # SECRET
    glewlwyd_admin auth/ '{"username": "admin", "password": "password"}'
    glewlwyd_admin mod/plugin/ "$(glewlwyd_plugin)"
    glewlwyd_admin scope/ '{"name": "records", "display_name": "Records", "password_required": false, "scheme": {}}'
    glewlwyd_admin client/ "$(jq -n --arg secret "$1" '{client_id: "service", name: "Nightly Exchange", enabled: true,
        confidential: true, password: $secret, client_secret: $secret, scope: ["records"],
        authorization_type: ["client_credentials"], token_endpoint_auth_method: ["client_secret_basic"], redirect_uri: []}')"
}

glewlwyd_start() { # PORT
    local secret token
    glewlwyd_url=http://127.0.0.1:$1
    glewlwyd_unpack
    rm -f "$state"/glewlwyd.*
    sqlite3 "$state/glewlwyd.db" <"$glewlwyd_files/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3"
    glewlwyd_settings "$1" >"$state/glewlwyd.conf"
    process_start glewlwyd "$glewlwyd_files/usr/bin/glewlwyd" --config-file="$state/glewlwyd.conf"
    wait_until 20 curl -fs "$glewlwyd_url/config" || fail "glewlwyd does not answer; see $state/log/glewlwyd.log"
    secret=$(openssl rand -hex 32)
    glewlwyd_setup "$secret"
    peer_row glewlwyd/client-credentials "$glewlwyd_url/api/oidc/token" "service:$secret" 'grant_type=client_credentials&scope=records'
    token=$(peer_ask glewlwyd/client-credentials | jq -er .access_token) || fail "glewlwyd issues no token"
    peer_row glewlwyd/introspection "$glewlwyd_url/api/oidc/introspect" "service:$secret" "token=$token"
    peer_ask glewlwyd/introspection | jq -e .active >"$out/answer" || fail "glewlwyd says its token is not active"
}
