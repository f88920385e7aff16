# Citizens in the directory. Sourced by tests/bench/growth.

read -ra growth_people_sizes <<<"${ONEDOOR_GROWTH_PEOPLE:-50000 200000 1000000}"
growth_people_there=0
growth_people_known=5000 # about whom is asked again and again

growth_people() {
    local size
    : >"$(points_of people)"
    redis flushall >"$out/redis.log"
    redis_plain
    people_settings
    say
    say "| people | start to first answer, ms | server MB at start | after the loads | slapd MB |"
    say "|---|---|---|---|---|"
    for size in "${growth_people_sizes[@]}"; do
        people_add "$size"
        people_line "$size"
    done
    growth_table people "people"
    growth_plot people "people"
}

# One password for all of them.
people_settings() {
    citizens_password=$(openssl rand -hex 16)
    (umask 077 && printf '%s' "$citizens_password" >"$state/citizens.password")
    citizens_hash=$(PATH=$PATH:/usr/sbin slappasswd -h '{SSHA}' -T "$state/citizens.password")
    process_stop slapd
    printf 'dn: olcDatabase={1}mdb,cn=config\nchangetype: modify\nreplace: olcDbMaxSize\nolcDbMaxSize: 17179869184\n' |
        PATH=$PATH:/usr/sbin slapmodify -n 0 -F "$state/slapd/slapd.d"
}

people_add() { # UP_TO
    process_stop onedoor-main
    process_stop slapd
    awk -v base="$(get .people_base)" -v from="$growth_people_there" -v to="$1" -v hash="$citizens_hash" \
        -f "$bench/citizens.awk" >"$out/citizens.ldif"
    PATH=$PATH:/usr/sbin nice slapadd -q -b "$(get .people_base)" -F "$state/slapd/slapd.d" -l "$out/citizens.ldif" 2>"$out/slapadd.log" ||
        fail "slapadd failed; see $out/slapadd.log"
    rm "$out/citizens.ldif"
    growth_people_there=$1
    server/demo start >>"$out/demo.log"
}

people_line() { # SIZE
    local start at_start
    process_stop onedoor-main
    start=$(start_ms "${plain##*:}" onedoor-main "$ONEDOOR_BINARY" --config "$state/main.conf" serve)
    at_start=$(rss_mb "$(subject_pid)")
    measure_point people "$1" sign-in-anybody decision-known decision-first
    say "| $1 | $start | $at_start | $(rss_mb "$(subject_pid)") | $(rss_mb "$(pid_of slapd)") |"
}

# Rows of this topic alone; they have no baseline.
load_sign-in-anybody() {
    "$built/bench.signin" "${plain##*:}" "$1" "$seconds" /authorize /token "l-$((RANDOM * RANDOM % growth_people_there))" \
        "$citizens_password" "$(get '.apps.portal.redirect_uris[0] | @uri')" "$(basic portal)"
}

# People whom the server has met, and people of whom it asks the directory: one after another, once.
prepare_decision-known() {
    local i
    subject_restart
    for ((i = 0; i < 20 && $(people_known) < growth_people_known; i++)); do
        BENCH_ONE_BY_ONE=yes ask_about "$growth_people_known" 32 >"$out/known.log"
    done
}
people_known() { curl -sS "$(get .management_url)/metrics" | awk '/^onedoor_known_people/ { print $2 }'; }
load_decision-known() { ask_about "$growth_people_known" "$1"; }
prepare_decision-first() { subject_restart; }
load_decision-first() { BENCH_ONE_BY_ONE=yes ask_about "$growth_people_there" "$1"; }

ask_about() { # PEOPLE CONNECTIONS
    BENCH_PEOPLE=$1 BENCH_AUTH=$(basic resource) wrk -t 1 -c "$2" -d "${seconds}s" --latency -s "$bench/wrk/evaluate.lua" \
        "$plain/access/v1/evaluation"
}
