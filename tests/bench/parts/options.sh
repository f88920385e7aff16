# What was asked for on the command line. Sourced by tests/bench/run.

rounds=5 with_peers='' with_plot='' profile_row='' rows=()

options_read() {
    while [ $# -gt 0 ]; do
        case $1 in
            --rounds) rounds=${2:-} && shift ;;
            --peers) with_peers=yes ;;
            --plot) with_plot=yes ;;
            --profile) profile_row=${2:-} && shift ;;
            --list) table_print && exit 0 ;;
            -h | --help) sed -n '2,14s/^# \{0,1\}//p' "$bench/run" && exit 0 ;;
            -*) fail "there is no option $1; see --help" ;;
            *) rows+=("$1") ;;
        esac
        shift
    done
    [[ $rounds =~ ^[1-9][0-9]*$ ]] || fail "--rounds takes a number from 1, not \`$rounds\`"
    [ ${#rows[@]} -gt 0 ] || mapfile -t rows < <(table_names)
    local row
    for row in "${rows[@]}"; do
        table_has "$row" || fail "there is no row \`$row\`; there are: $(table_names | tr '\n' ' ')"
    done
    [ -z "$profile_row" ] || [ "$(table_kind "$profile_row")" = load ] ||
        fail "--profile takes the name of a load: $(table_loads | tr '\n' ' ')"
}

# chosen KIND: those of the asked rows that are of a kind, in the table's order.
chosen() {
    local row
    for row in $(table_names); do
        [[ " ${rows[*]} " != *" $row "* || $(table_kind "$row") != "$1" ]] || say "$row"
    done
}
