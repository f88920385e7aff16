# npm's oidc-provider: once with its state in its memory, once in Redis. Sourced by parts/peers.sh.

oidc-provider_install() {
    command -v npm >/dev/null || install_packages npm
    (cd "$bench/peers" && npm ci --no-audit --no-fund --silent) || fail "npm could not install oidc-provider"
}

# oidc-provider_start NAME PORT REDIS_SOCKET, which is empty for a state in memory.
oidc-provider_start() {
    local name=$1 url=http://127.0.0.1:$2 secret settings
    secret=$(openssl rand -hex 32)
    settings=$(jq -c --arg port "$2" --arg secret "$secret" --arg redis "$3" '{$port, $secret, $redis,
        redirect_uri: .apps.portal.redirect_uris[0],
        ldap: {url: .ldap.uri, dn: .ldap.admin_dn, password: .ldap.admin_password, base: .people_base}}' "$demo")
    NODE_ENV=production process_start "$name" node "$bench/peers/oidc-provider.mjs" "$settings"
    wait_until 20 curl -fs "$url/jwks" || fail "oidc-provider does not answer; see $state/log/$name.log"
    oidc-provider_rows "$name" "$url" "$secret"
}

oidc-provider_rows() { # NAME URL SECRET
    local -r form='grant_type=client_credentials&scope=records:read&resource=https%3A%2F%2F'
    peer_row "$1/client-credentials" "$2/token" "service:$3" "${form}jwt.city.example"
    peer_ask "$1/client-credentials" | jq -e '.access_token | split(".") | length == 3' >"$out/answer" ||
        fail "oidc-provider issues no JWT; see $state/log/$1.log"
    peer_row "$1/opaque-token" "$2/token" "service:$3" "${form}opaque.city.example"
    peer_row "$1/introspection" "$2/token/introspection" "service:$3" ''
    peer_prepare[$1/introspection]=oidc-provider_token
    peer_row "$1/sign-in" "$2" "portal:$3" "/auth /token"
}

# Its memory holds a thousand records, so that sign-ins drive a token out: each round of introspection has a new one.
oidc-provider_token() { # NAME
    local opaque
    opaque=$(peer_ask "$1/opaque-token" | jq -er .access_token) || fail "oidc-provider issues no token; see $state/log/$1.log"
    peer_body[$1/introspection]=token=$opaque
    peer_ask "$1/introspection" | jq -e .active >"$out/answer" || fail "oidc-provider says its token is not active"
}
