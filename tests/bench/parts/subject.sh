# The server under test with its private stores, and the questions it is asked. Sourced by tests/bench/run.

export ONEDOOR_DEMO_STATE=$out/demo ONEDOOR_DEMO_PORT_OFFSET=$offset
state=$ONEDOOR_DEMO_STATE # where process_start and process_stop keep their files
demo=$state/demo.json
tokens=$state/tokens # .0 and .1, one for each of wrk's threads
bench_packages=(libcmocka-dev wrk redis-tools nghttp2-client)

get() { jq -er "$1" "$demo"; }
basic() { printf 'Basic %s' "$(printf '%s:%s' "$1" "$(get ".apps.$1.client_secret")" | openssl base64 -A)"; }

subject_build() { # BUILD_FOLDER CMAKE_ARGUMENT...
    local folder=$1
    shift
    { cmake --preset release -B "$folder" "$@" &&
        cmake --build "$folder" --parallel "$(nproc)" --target onedoor bench.bare bench.signin bench.fill bench.idle; } >"build/bench.log" 2>&1 ||
        { tail -n 20 build/bench.log >&2; fail "the build failed; all of it: build/bench.log"; }
    export ONEDOOR_BINARY=$folder/onedoor
    built=$folder/tests
}

subject_start() {
    command -v node >/dev/null || bench_packages+=(nodejs)
    install_packages "${build_packages[@]}" "${run_packages[@]}" "${bench_packages[@]}"
    if [ -n "$profile_row" ]; then
        subject_build "$root/build/profile" -DCMAKE_C_FLAGS=-fno-omit-frame-pointer
    else
        subject_build "$root/build/release"
    fi
    server/demo reset >"$out/demo.log"
    server/demo start >>"$out/demo.log"
    plain=$(get .plain_url)
    # Tokens outlive the whole run.
    printf '[tokens]\naccess_token = 1d\n' >>"$state/main.conf"
    subject_restart
    subject_questions
    subject_check
    tokens_issue
}

subject_stop() { server/demo stop; }
subject_pid() { pid_of onedoor-main; }

# subject_restart [COMMAND...]: the server alone anew, under a command that runs it (valgrind); returns when it answers.
subject_restart() {
    process_stop onedoor-main
    process_start onedoor-main "$@" "$ONEDOOR_BINARY" --config "$state/main.conf" serve
    wait_until 120 curl -fs "$plain/jwks" || fail "the server does not answer; see $state/log/onedoor-main.log"
}

# A clerk of the district reads a record of one of its departments: one decision, and twenty in one request.
subject_questions() {
    local resource reader
    resource=$(get '.apps.resource.resource | @uri')
    token_request="grant_type=client_credentials&scope=records:read&resource=$resource"
    token=$(curl -sS -H "Authorization: $(basic service)" -d "$token_request" "$plain/token" | jq -er .access_token)
    reader=$(ldapsearch -x -LLL -H "$(get .ldap.uri)" -D "$(get .ldap.admin_dn)" -w "$(get .ldap.admin_password)" \
        -b "$(get .people_base)" '(departmentNumber=330102/D0077)' uid | awk '/^uid: /{ print $2; exit }')
    question=$(jq -nc --arg id "$reader" '{subject: {type: "user", id: $id}, action: {name: "read"},
        resource: {type: "record", id: "2026-0001"}}')
    questions=$(jq -c '{subject, action, evaluations: [range(20) as $i | {resource}]}' <<<"$question")
}

# A load of refusals would measure something else.
subject_check() {
    local got
    [[ $token == *.*.* ]] || fail "the token is not a signed one: $token"
    got=$(curl -s -o "$out/answer" -w '%{http_code}' -u resource:wrong -d "token=$token" "$plain/introspect")
    [ "$got" = 401 ] || fail "a resource server with a wrong secret is answered $got"
    answer=$(curl -sS -H "Authorization: $(basic resource)" -d "token=$token" "$plain/introspect")
    [ "$(jq -r .active <<<"$answer")" = true ] || fail "the token is not active: $answer"
    got=$(decide evaluation "$question")
    [ "$got" = '{"decision":true}' ] || fail "the decision is not what it must be: $got"
    got=$(decide evaluations "$questions" | jq -c '[.evaluations[].decision] | unique')
    [ "$got" = '[true]' ] || fail "twenty decisions are not what they must be: $got"
}

decide() { # ENDPOINT BODY
    curl -sS -H "Authorization: $(basic resource)" -H 'Content-Type: application/json' -d "$2" "$plain/access/v1/$1"
}

tokens_there() { find "$state" -maxdepth 1 -name 'tokens.*' -exec cat {} + | wc -l; }

# As many live tokens as the chosen rows need.
tokens_issue() {
    local count
    case " ${profile_row:-${rows[*]}} " in
        *\ introspection-each-token\ *) count=$token_count ;;
        *\ introspection\ * | *\ memory\ *) count=1000 ;;
        *) return 0 ;;
    esac
    say "Issuing $count tokens." >&2
    tokens_more "$count"
}

tokens_more() { # UP_TO
    local before=-1 now
    now=$(tokens_there)
    while [ "$now" -lt "$1" ]; do
        [ "$now" -gt "$before" ] || fail "no token is issued any more, after $now"
        before=$now
        BENCH_TOKENS=$tokens BENCH_AUTH=$(basic service) BENCH_BODY=$token_request \
            wrk -t 2 -c 32 -d 2s -s "$bench/wrk/issue.lua" "$plain/token" >"$out/issue.log"
        now=$(tokens_there)
    done
}
