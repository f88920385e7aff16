// Roles of one test's application, written into the registry by ldapadd and ldapmodify, as an administrator does.
import { demo } from './demo.mjs';
import * as ldap from './ldap.mjs';

// 20261125083000Z; `seconds` from now.
export const generalizedTime = (seconds = 0) =>
    new Date(Date.now() + seconds * 1000).toISOString().replace(/[-:T]|\.\d+/g, '');

// A role of the application: its DN. attributes: member, onedoorDataScope… All of them end with the test.
export function role(t, app, name, permissions, attributes = {}) {
    if (!app.rolesAt) {
        app.rolesAt = `ou=${app.client_id},ou=roles,${demo.registry_base}`;
        ldap.add(app.rolesAt, { objectClass: 'organizationalUnit', ou: app.client_id });
        t.after(() => ldap.removeTree(app.rolesAt));
    }
    const dn = `cn=${name},${app.rolesAt}`;
    ldap.add(dn, { objectClass: 'onedoorRole', cn: name, onedoorClientId: app.client_id, onedoorPermission: permissions, ...attributes });
    return dn;
}

// Who holds the role, how far and how long: its DN.
export function assignment(roleDn, name, attributes) {
    const dn = `cn=${name},${roleDn}`;
    ldap.add(dn, { objectClass: 'onedoorAssignment', cn: name, ...attributes });
    return dn;
}

export function group(t, name, members) {
    const dn = `cn=${name},ou=groups,${demo.people_base}`;
    ldap.add(dn, { objectClass: 'groupOfNames', cn: name, member: members });
    t.after(() => ldap.remove(dn));
    return dn;
}
