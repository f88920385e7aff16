# Rounds of loads with the CPU time that the measured process took. Sourced by tests/bench/run.

results=$out/results.tsv # NAME RATE P50 P99 CPU_µs_EACH FROM_MEMORY, of every round

connections_of() { # ROW: how many are usual for it
    case $1 in sign-in*) echo 8 ;; redis-get) echo 50 ;; *) echo 32 ;; esac
}

# process_of ROW: whose CPU time counts; nothing for a program that is its own load generator.
process_of() {
    case $1 in
        bare | bare-json | bare-tls) pid_of "$1" ;;
        redis-get) pid_of redis ;;
        openssl-sign) ;;
        */*) pid_of "${1%%/*}" ;;
        *) subject_pid ;;
    esac
}

cpu_ticks() { if [ -n "$1" ]; then awk '{ print $14 + $15 }' "/proc/$1/stat"; else echo 0; fi; } # PID

# What must happen before a round of NAME: prepare_NAME, where there is such a function.
prepare() {
    case $1 in
        */*) "${peer_prepare[$1]:-true}" "${1%%/*}" ;;
        *) ! declare -F "prepare_$1" >/dev/null || "prepare_$1" ;;
    esac
}

# How many introspections were answered from memory, active, and inactive.
introspections() {
    curl -sS "$(get .management_url)/metrics" | awk '
        { n[$1] = $2 }
        END { print n["onedoor_introspections_near_total"] + 0, n["onedoor_introspections_active_total"] + 0,
            n["onedoor_introspections_inactive_total"] + 0 }'
}

# Every token that is asked about is active, so that an answer that it is not has measured something else.
# Prints which part of the answers came from memory.
from_memory() { # INTROSPECTIONS_BEFORE
    local near active inactive near_before active_before
    read -r near_before active_before _ <<<"$1"
    read -r near active inactive < <(introspections)
    [ "$inactive" = 0 ] || fail "$inactive tokens were said to be inactive"
    awk -v near=$((near - near_before)) -v all=$((active - active_before)) 'BEGIN { print (all > 0 ? near / all : 0) }'
}

# round_of NAME CONNECTIONS: one round; prints NAME RATE P50 P99 CPU_µs_EACH FROM_MEMORY, the last as a part of the answers.
round_of() {
    local pid before asked share ticks own_ticks line rate p50 p99 errors count load=("load_$1")
    case $1 in */*) load=(load_peer "$1") ;; esac
    prepare "$1"
    pid=$(process_of "$1")
    asked=$(introspections)
    before=$(cpu_ticks "$pid")
    line=$("${load[@]}" "$2" | grep '^RATE') || fail "$1 could not be measured"
    ticks=$(($(cpu_ticks "$pid") - before))
    share=$(from_memory "$asked")
    read -r _ rate _ p50 _ p99 _ errors _ count _ own_ticks <<<"$line"
    [ "$errors" = 0 ] || say "  $1: $errors errors of $count" >&2
    awk -v name="$1" -v rate="$rate" -v p50="$p50" -v p99="$p99" -v ticks="${own_ticks:-$ticks}" -v count="$count" \
        -v share="$share" -v tick_us=$((1000000 / $(getconf CLK_TCK))) \
        'BEGIN { OFS = "\t"; print name, rate, p50, p99, (count > 0 ? ticks * tick_us / count : 0), share }'
}

measure_rounds() {
    local round name names
    # shellcheck disable=SC2207 # names have no spaces
    names=($(chosen_baselines) $(chosen load) $(peer_rows))
    : >"$results"
    [ ${#names[@]} -gt 0 ] || return 0
    # Node compiles what is hot; what it takes for that doesn't count.
    for name in $(peer_rows); do say "warming up $name" >&2 && round_of "$name" "$(connections_of "$name")" >"$out/warm"; done
    for ((round = 1; round <= rounds; round++)); do
        say "round $round of $rounds" >&2
        for name in "${names[@]}"; do round_of "$name" "$(connections_of "$name")" >>"$results"; done
    done
}

# field NAME COLUMN: its values of all rounds in order of size.
field() { awk -F '\t' -v name="$1" -v column="$2" '$1 == name { print $column }' "$results" | sort -n; }
middle() { awk '{ value[NR] = $1 } END { print value[int((NR + 1) / 2)] }'; }
median() { field "$1" "$2" | middle; }
