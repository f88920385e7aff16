# Other servers for the same job, asked for with --peers. Each is a process of its own name and a file of functions, which
# start it and set peer_url[NAME/ROW], peer_auth[…] and peer_body[…] for every row that it can do; peer_prepare[NAME/ROW]
# is a function to call with NAME before each round. For sign-ins the body is the paths of its authorization and token
# endpoints. Sourced by tests/bench/run.

declare -A peer_url=() peer_auth=() peer_body=() peer_prepare=()
# shellcheck source=peers/oidc-provider.sh
source "$bench/peers/oidc-provider.sh"
# shellcheck source=peers/glewlwyd.sh
source "$bench/peers/glewlwyd.sh"

peers_start() {
    oidc-provider_install
    oidc-provider_start oidc-provider $((8092 + offset)) ''
    oidc-provider_start oidc-provider-redis $((8094 + offset)) "$(get .redis.socket)"
    glewlwyd_start $((8093 + offset))
}

peers_stop() {
    process_stop oidc-provider
    process_stop oidc-provider-redis
    process_stop glewlwyd
}

# The chosen loads that a peer can do, as PEER/ROW.
peer_rows() {
    local row
    [ ${#peer_url[@]} -gt 0 ] || return 0
    for row in $(chosen load); do printf '%s\n' "${!peer_url[@]}" | sed -n "\|/$row\$|p" | sort; done
}

load_peer() { # PEER/ROW CONNECTIONS
    local paths
    case $1 in
        */sign-in)
            read -ra paths <<<"${peer_body[$1]}"
            sign_in "$2" "${peer_url[$1]}" "${paths[@]}" "${peer_auth[$1]}"
            ;;
        *) BENCH_AUTH=${peer_auth[$1]} BENCH_BODY=${peer_body[$1]} wrk_post "$2" post.lua "${peer_url[$1]}" ;;
    esac
}

# peer_row PEER/ROW URL BASIC_CREDENTIALS BODY
peer_row() {
    peer_url[$1]=$2 peer_body[$1]=$4
    peer_auth[$1]="Basic $(printf '%s' "$3" | openssl base64 -A)"
}

peer_ask() { curl -sS -H "Authorization: ${peer_auth[$1]}" -d "${peer_body[$1]}" "${peer_url[$1]}"; } # PEER/ROW
