# The sample city's entries. Reads, in this order: people (tag, uid, mail, password, hash), organisations, staff,
# citizens, companies. People are flat and their names opaque: who moves changes an attribute, not the DN.

function entry(rdn, classes,    n, part, i) {
    printf "\ndn: %s%s\n", (rdn == "" ? "" : rdn ","), base
    n = split(classes, part, " ")
    for (i = 1; i <= n; i++) print "objectClass: " part[i]
}
function unit(rdn) {
    entry(rdn, "organizationalUnit")
    print "ou: " substr(rdn, 4, index(rdn ",", ",") - 4)
}
function remember(list, dn) { members[list] = members[list] "member: " dn "," base "\n" }
function group(rdn, list, description) {
    if (members[list] == "") return
    entry(rdn, "groupOfNames")
    print "cn: " substr(rdn, 4, index(rdn, ",") - 4)
    print "description: " description
    printf "%s", members[list]
}
# The family name first without a space in Chinese (whose characters begin with the bytes E4 to E9), last elsewhere.
function full_name(family, given) { return (family ~ /^[\344-\351]/) ? family given : given " " family }
function credentials(uid) {
    print "mail: " mail[uid]
    print "userPassword: " hash[uid]
    if (tag[uid] == "disabled") print "pwdAccountLockedTime: 000001010000Z"
}

BEGIN {
    print "dn: " base
    print "objectClass: dcObject\nobjectClass: organization\ndc: city\no: 样例市 Sample City"
    split("services policies citizens staff legal orgs groups posts registry", branches, " ")
    for (i = 1; i in branches; i++) unit("ou=" branches[i])
    entry("cn=onedoor,ou=services", "applicationProcess simpleSecurityObject")
    print "cn: onedoor\nuserPassword: " service_hash
    entry("cn=default,ou=policies", "applicationProcess pwdPolicy")
    print "cn: default\npwdAttribute: userPassword\npwdLockout: TRUE\npwdMaxFailure: 0"
}

FNR == 1 { file++ }

file == 1 { tag[$2] = $1; mail[$2] = $3; hash[$2] = $5 }

file == 2 {
    parent = ($2 == "-") ? "ou=orgs" : "ou=" $2 ",ou=orgs"
    entry("ou=" $1 "," parent, "organizationalUnit")
    print "ou: " $1 "\ndescription: " $3 "\ndescription;lang-en: " $4
    department[($2 == "-") ? $1 : $2 "/" $1] = $3
}

file == 3 {
    uid = "s-" $2
    dn = "uid=" uid ",ou=staff"
    entry(dn, "inetOrgPerson")
    print "uid: " uid "\nemployeeNumber: " $2 "\nsn: " $3 "\ngivenName: " $4
    print "cn: " full_name($3, $4) "\ncn: " $6 " " $5
    print "displayName: " full_name($3, $4)
    print "mobile: 139" sprintf("%08d", $2)
    n = split($7, where, " ")
    for (i = 1; i <= n; i++) { print "departmentNumber: " where[i]; remember(where[i], dn) }
    credentials(uid)
    remember("staff", dn)
    remember("post-" $8, dn)
}

file == 4 {
    uid = "n-" $2
    dn = "uid=" uid ",ou=citizens"
    entry(dn, "inetOrgPerson")
    print "uid: " uid "\nsn: " $3 "\ngivenName: " $4
    print "cn: " full_name($3, $4)
    print "displayName: " full_name($3, $4)
    print "mobile: " $6
    credentials(uid)
}

file == 5 {
    entry("o=" $1 ",ou=legal", "organization")
    print "o: " $1 "\ndescription: " $2 "\ndescription;lang-en: " $3
}

END {
    group("cn=all-staff,ou=groups", "staff", "全体工作人员")
    for (key in department) {
        name = key
        gsub("/", "-", name)
        group("cn=" name ",ou=groups", key, department[key])
    }
    group("cn=clerk,ou=posts", "post-clerk", "经办人")
    group("cn=approver,ou=posts", "post-approver", "审批人")
    group("cn=head,ou=posts", "post-head", "负责人")
    group("cn=administrator,ou=posts", "post-administrator", "系统管理员")
    members["decision"] = "member: cn=approver,ou=posts," base "\nmember: cn=head,ou=posts," base "\n"
    group("cn=decision-makers,ou=groups", "decision", "有审批权的岗位")
}
