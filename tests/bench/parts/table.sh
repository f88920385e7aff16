# What can be measured, and beside what. Sourced by tests/bench/run.
#
# A `load` is driven for some seconds: load_NAME CONNECTIONS of loads.sh. A `standing` row looks at a server of its own:
# standing_NAME of standing.sh.
table='
introspection            load     bare         a thousand tokens again and again
introspection-each-token load     redis-get    every token once
decision                 load     bare-json    may a clerk read a record
decision-20              load     bare-json    twenty such decisions in one request
client-credentials       load     openssl-sign a token (ES256) for an application
client-credentials-everysec load  openssl-sign the same, Redis syncing its file every second instead of before each answer
sign-in                  load     -            from the authorization request to the token, with the password checked in LDAP
tls-introspection        load     bare-tls     introspection over TLS, kept connections
memory                   standing -            at rest; with 100,000 tokens asked about and 1,000 connections
start                    standing bare         from the start of the process to the first answer, with 1,000 applications
'

table_rows() { awk 'NF' <<<"$table"; }
table_names() { table_rows | awk '{ print $1 }'; }
table_loads() { table_rows | awk '$2 == "load" { print $1 }'; }
table_has() { [ -n "$(table_kind "$1")" ]; }
table_kind() { table_rows | awk -v name="$1" '$1 == name { print $2 }'; }
table_baseline() { table_rows | awk -v name="$1" '$1 == name { print $3 }'; }
table_print() { table_rows | awk '{ name = $1; $1 = $2 = $3 = ""; sub(/^ +/, ""); printf "%-26s%s\n", name, $0 }'; }

# The baselines of the chosen loads, each once.
chosen_baselines() {
    local row
    for row in $(chosen load); do table_baseline "$row"; done | grep -v '^-$' | sort -u || true
}
