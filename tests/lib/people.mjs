// People made for one test, so that brakes and one-time codes of one test never meet those of another.
import { randomBytes } from 'node:crypto';
import { must } from './cli.mjs';
import { demo } from './demo.mjs';
import * as ldap from './ldap.mjs';

const folder = { citizen: 'ou=citizens', staff: 'ou=staff' };

/*
 * A person in the directory until the test ends. changes: other attributes of the entry, or `kind`, `uid`,
 * `password`, `totp: true` (enrolled by an administrator), `leaves: true` (the test itself deletes the entry).
 */
export function person(t, { kind = 'citizen', uid = `t-${randomBytes(5).toString('hex')}`, password, totp, leaves, ...changes } = {}) {
    const user = { username: uid, mail: changes.mail, password: password ?? `Pw ${randomBytes(9).toString('base64url')} 密`, kind };
    user.dn = changes.dn ?? `uid=${uid},${folder[kind]},${demo.people_base}`;
    delete changes.dn;
    ldap.add(user.dn, {
        objectClass: 'inetOrgPerson',
        uid,
        cn: `Test ${uid}`,
        sn: 'Test',
        displayName: `测试 ${uid}`,
        userPassword: user.password,
        ...changes,
    });
    if (!leaves) t.after(() => ldap.remove(user.dn));
    return totp ? enrol(user) : user;
}

// A second factor from the administrator's hands; whoever has one is asked for it at every sign-in.
export function enrol(user) {
    const out = must('account', 'enrol-totp', user.username);
    user.totp_secret = /^totp_secret=(.+)$/m.exec(out)[1];
    user.recovery_codes = [...out.matchAll(/^recovery_code=(.+)$/gm)].map((m) => m[1]);
    return user;
}

// The directory's mark of an account that an administrator has locked (attribute of OpenLDAP's password policy).
export const disable = (user) => ldap.replace(user.dn, 'pwdAccountLockedTime', '000001010000Z');
