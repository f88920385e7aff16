# Citizens as LDIF, those from number `from` to the one before `to`.
# awk -v base=… -v from=0 -v to=1000000 -v hash={SSHA}… -f citizens.awk
BEGIN {
    for (p = from; p < to; p++)
        printf "\ndn: uid=l-%d,ou=citizens,%s\nobjectClass: inetOrgPerson\nuid: l-%d\ncn: Person %d\nsn: %d\ngivenName: Person\ndisplayName: Person %d\nmail: l-%d@mail.example\nmobile: 139%08d\nuserPassword: %s\n",
            p, base, p, p, p, p, p, p, hash
}
