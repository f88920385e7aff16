# What a run is to reach, and whether it does. Sourced by tests/bench/run.
#
# `rate`: at least so many times the rate of a baseline or peer. `cpu`: a peer needs at least so many times the CPU time
# for each. `cpu-µs`: at most so much CPU time for each. `standing`: the figure of that name is at most so much.
targets='
introspection            rate     bare          0.75
introspection            rate     oidc-provider 20
introspection-each-token rate     redis-get     0.50
client-credentials       rate     openssl-sign  0.60
client-credentials       rate     oidc-provider 6
client-credentials-everysec rate  openssl-sign  0.60
client-credentials-everysec rate  oidc-provider/client-credentials 6
sign-in                  cpu      oidc-provider 8
sign-in                  cpu-µs   -             1000
decision                 rate     bare-json     0.70
tls-introspection        rate     bare-tls      0.75
memory                   standing at-rest       16
memory                   standing full          64
start                    standing first-answer  50
'

target_of() { awk -v row="$1" -v kind="$2" -v other="$3" '$1 == row && $2 == kind && $3 == other { print $4 }' <<<"$targets"; }

quotient() { awk -v a="$1" -v b="$2" 'BEGIN { if (a > 0 && b > 0) print a / b }'; }

# measured ROW KIND OTHER: the figure of this run, or nothing.
measured() {
    local other=$3
    [ "$3" = - ] || [ -z "${peer_url[$3/$1]:-}" ] || other=$3/$1
    case $2 in
        rate) quotient "$(median "$1" 2)" "$(median "$other" 2)" ;;
        cpu) quotient "$(median "$other" 5)" "$(median "$1" 5)" ;;
        cpu-µs) median "$1" 5 ;;
        standing) awk -F '\t' -v row="$1" -v name="$3" '$1 == row && $2 == name { print $3 }' "$standing" ;;
    esac
}

# verdict KIND FIGURE TARGET: met, missed, or not measured.
verdict() {
    local most=1
    case $1 in rate | cpu) most=0 ;; esac
    awk -v most="$most" -v figure="$2" -v target="$3" \
        'BEGIN { print (figure == "" ? "not measured" : (most ? figure + 0 <= target : figure + 0 >= target) ? "met" : "missed") }'
}

# judged ROW KIND OTHER: " (target 0.75: met)", or nothing where there is no target.
judged() {
    local target
    target=$(target_of "$@")
    [ -z "$target" ] || printf ' (target %s: %s)' "$target" "$(verdict "$2" "$(measured "$@")" "$target")"
}

target_text() { # KIND OTHER TARGET
    case $1 in
        rate) say "at least $3 times the rate of $2" ;;
        cpu) say "at least $3 times as many for a CPU second as $2" ;;
        cpu-µs) say "at most $3 µs of CPU" ;;
        standing) say "$2: at most $3 $([ "$2" = first-answer ] && echo ms || echo MB)" ;;
    esac
}

# The targets of the rows that were asked for, each with what was measured.
report_targets() {
    local row kind other target figure
    say "| what | target | measured | |"
    say "|---|---|---|---|"
    while read -r row kind other target; do
        [[ " ${rows[*]} " == *" $row "* ]] || continue
        figure=$(measured "$row" "$kind" "$other")
        LC_ALL=C printf '| %s | %s | %s | %s |\n' "$row" "$(target_text "$kind" "$other" "$target")" \
            "$(awk -v f="$figure" 'BEGIN { if (f != "") printf "%.4g", f }')" "$(verdict "$kind" "$figure" "$target")"
    done < <(awk NF <<<"$targets")
}
