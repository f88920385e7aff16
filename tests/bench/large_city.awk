# A large city as LDIF: people, departments, groups, applications with permissions, roles and their holders.
# awk -v base=… -v registry=… -v people=100000 -v apps=1000 -v roles=5000 -v hash=… -f large_city.awk
function entry(dn, classes,    n, part, i) {
    print "\ndn: " dn
    n = split(classes, part, " ")
    for (i = 1; i <= n; i++) print "objectClass: " part[i]
}
BEGIN {
    departments = 200
    per_group = 100
    groups = int(people / per_group)
    entry("ou=900000,ou=orgs," base, "organizationalUnit")
    print "ou: 900000"
    for (d = 0; d < departments; d++) {
        entry("ou=D" d ",ou=900000,ou=orgs," base, "organizationalUnit")
        print "ou: D" d
    }
    for (p = 0; p < people; p++) {
        entry("uid=l-" p ",ou=staff," base, "inetOrgPerson")
        printf "uid: l-%d\ncn: Person %d\nsn: %d\ndisplayName: Person %d\nmail: l-%d@city.example\ndepartmentNumber: 900000/D%d\n",
            p, p, p, p, p, p % departments
    }
    for (g = 0; g < groups; g++) {
        entry("cn=l-" g ",ou=groups," base, "groupOfNames")
        print "cn: l-" g
        for (i = 0; i < per_group; i++) print "member: uid=l-" (g * per_group + i) ",ou=staff," base
    }
    per_app = int(roles / apps)
    for (a = 0; a < apps; a++) {
        id = "large-" a
        entry("onedoorClientId=" id ",ou=applications," registry, "onedoorApplication")
        printf "onedoorClientId: %s\ndisplayName: Large %d\nonedoorGrantType: client_credentials\nonedoorAuthMethod: client_secret_basic\nonedoorSecretHash: %s\nonedoorTrustedProperties: TRUE\nonedoorResourceType: case owner=owner organisation=department\n", id, a, hash
        for (k = 0; k < per_app; k++) print "onedoorPermission: case:action" k
        entry("ou=" id ",ou=roles," registry, "organizationalUnit")
        print "ou: " id
        for (k = 0; k < per_app; k++) {
            entry("cn=role" k ",ou=" id ",ou=roles," registry, "onedoorRole")
            printf "cn: role%d\nonedoorClientId: %s\nonedoorPermission: case:action%d\nonedoorDataScope: department\n", k, id, k
            for (i = 0; i < 10; i++) print "member: cn=l-" ((a * per_app + k + i * 97) % groups) ",ou=groups," base
        }
    }
}
