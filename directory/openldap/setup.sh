#!/usr/bin/env bash
# Makes the configuration and the data of a private slapd with the sample city; starts nothing.
#
#   setup.sh STATE_DIR
#
# STATE_DIR then holds slapd.d and data, and with mode 0600: admin.password, service.password and people.tsv (tag, uid,
# mail, password of every sample person). All passwords are random. Start it with
#   slapd -F STATE_DIR/slapd.d -h 'ldapi://… ldap://127.0.0.1:PORT/'
set -euo pipefail
[ $# -eq 1 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$1"
state=$(cd "$1" && pwd)
base=dc=city,dc=example
PATH=$PATH:/usr/sbin:/sbin
umask 077

[ ! -e "$state/slapd.d" ] || { echo "setup.sh: $state is in use already" >&2; exit 1; }

new_password() { openssl rand -hex 16 | tr -d '\n'; }
new_password >"$state/admin.password"
new_password >"$state/service.password"

# slapd.d appears under its name only when all is there, so that an interrupted run can be repeated.
work=$state/new
rm -rf "$work" "$state/data"
mkdir -p "$work/slapd.d" "$state/data"
sed -e "s|@state@|$state|g" -e "s|@schema@|$here/../schema|g" -e "s|@base@|$base|g" \
    -e "s|@admin_hash@|$(slappasswd -h '{SSHA}' -T "$state/admin.password")|g" \
    "$here/config.ldif.in" >"$work/config.ldif"
slapadd -n 0 -F "$work/slapd.d" -l "$work/config.ldif"

"$here/../sample-city/generate" "$base" "$(slappasswd -h '{SSHA}' -T "$state/service.password")" \
    "$state/people.tsv" >"$work/city.ldif"
slapadd -q -b "$base" -F "$work/slapd.d" -l "$work/city.ldif"

mv "$work/slapd.d" "$state/slapd.d"
rm -rf "$work"
