# npm's oidc-provider, with its state in its memory. Sourced by parts/peers.sh.

oidc-provider_start() { # PORT
    local url=http://127.0.0.1:$1 secret credentials opaque
    local -r form='grant_type=client_credentials&scope=records:read&resource=https%3A%2F%2F'
    command -v npm >/dev/null || install_packages npm
    (cd "$bench/peers" && npm ci --no-audit --no-fund --silent) || fail "npm could not install oidc-provider"
    secret=$(openssl rand -hex 32) credentials=service:$secret
    NODE_ENV=production process_start oidc-provider node "$bench/peers/oidc-provider.mjs" "$1" "$secret"
    wait_until 20 curl -fs "$url/jwks" || fail "oidc-provider does not answer; see $state/log/oidc-provider.log"
    peer_row oidc-provider/client-credentials "$url/token" "$credentials" "${form}jwt.city.example"
    opaque=$(curl -sS -u "$credentials" -d "${form}opaque.city.example" "$url/token" | jq -er .access_token) ||
        fail "oidc-provider issues no token; see $state/log/oidc-provider.log"
    peer_row oidc-provider/introspection "$url/token/introspection" "$credentials" "token=$opaque"
    peer_ask oidc-provider/client-credentials | jq -e '.access_token | split(".") | length == 3' >"$out/answer" ||
        fail "oidc-provider issues no JWT"
    peer_ask oidc-provider/introspection | jq -e .active >"$out/answer" || fail "oidc-provider says its token is not active"
}
