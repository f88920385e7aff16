// Administrators made for one test: people of the directory, appointed by root, signed in with a second factor.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Browser } from './browser.mjs';
import { addApp, must, onedoor, servers } from './cli.mjs';
import { demo } from './demo.mjs';
import * as ldap from './ldap.mjs';
import { person } from './people.mjs';
import { signInAt } from './signin.mjs';
import { until } from './wait.mjs';

// Every address of administration, and who finds something there.
export const addresses = {
    '/admin': ['system', 'security', 'audit', 'department'],
    '/admin/applications': ['system', 'security'],
    '/admin/application?id=backoffice': ['system', 'security'],
    '/admin/application': ['system'],
    '/admin/roles': ['system', 'security', 'department'],
    '/admin/role?app=backoffice&name=clerk': ['system', 'security'],
    '/admin/role?app=onedoor&name=audit-administrator': ['system', 'security'],
    '/admin/role?app=backoffice': ['system'],
    '/admin/organisations': ['security', 'department'],
    '/admin/organisations?path=330102/D0412': ['security', 'department'],
    '/admin/organisations?path=330106/D0501': ['security'],
    '/admin/person': ['security'],
    '/admin/changes': ['system', 'security', 'audit', 'department'],
    '/admin/audit': ['audit'],
    '/admin/change?id=none': [],
    '/admin/nothing': [],
    '/admin/applications/x': [],
};

export const officer = (t, changes = {}) => person(t, { kind: 'staff', departmentNumber: '330110/D0602', ...changes });

export function appointed(t, role, { organisations = [], ...changes } = {}) {
    const user = officer(t, { totp: true, ...changes });
    appoint(t, role, user, organisations);
    return user;
}

export function appoint(t, role, user, organisations = []) {
    must('admin', 'grant', `${role}-administrator`, user.username, ...organisations);
    t.after(() => onedoor('admin', 'withdraw', `${role}-administrator`, user.username));
}

export const dismiss = (role, user) => must('admin', 'withdraw', `${role}-administrator`, user.username);

// A browser in which the person is signed in with a second factor.
export async function signedInAt(user, { address = '/account', ...options } = {}) {
    const browser = new Browser({ via: servers[0], ...options });
    await signInAt(browser, await browser.open(address), user);
    return browser;
}

// The same, once the administrator's pages are there for them.
export async function atDesk(user, options) {
    const browser = await signedInAt(user, options);
    let page = await browser.open('/admin');
    if (page.has('otp')) page = await signInAt(browser, page, user);
    await until(`${user.username} administers`, async () => (await browser.open('/admin')).status === 200);
    return browser;
}

export async function administrator(t, role, options) {
    const user = appointed(t, role, options);
    return { user, browser: await atDesk(user) };
}

// An application with a role that departments may assign (clerk) and one that they may not (chief).
export async function applicationWithRoles(t) {
    const app = await addApp(t, { 'redirect-uri': 'https://localhost:9443/office/cb', permission: ['case:read', 'case:approve'], method: 'none', grant: 'authorization_code', scope: 'openid' });
    const branch = `ou=${app.client_id},ou=roles,${demo.registry_base}`;
    const role = (name, more) =>
        ldap.add(`cn=${name},${branch}`, { objectClass: 'onedoorRole', cn: name, onedoorClientId: app.client_id, ...more });
    ldap.add(branch, { objectClass: 'organizationalUnit', ou: app.client_id });
    role('clerk', { onedoorPermission: 'case:read', onedoorDelegated: 'TRUE', displayName: 'Clerk' });
    role('chief', { onedoorPermission: 'case:approve', onedoorExcludes: 'clerk' });
    t.after(() => ldap.removeTree(branch));
    return { ...app, branch };
}

export const newId = () => `t-${randomBytes(4).toString('hex')}`;

// Fills in and sends the page's form that has these fields; what is pressed is `action`.
export const act = (browser, page, action, values = {}, options = {}) =>
    browser.post(page, values, { button: { action }, ...options, form: options.form ?? formFor(page, action) });

// Sends fields to an address as a form of ours would, whatever our forms offer.
export const forge = (browser, address, fields) =>
    browser.post({ url: `${demo.issuer}/admin` }, {}, { form: { action: address, fields, names: new Set() } });

// The form that has a button with that action.
export function formFor(page, action) {
    const button = page.dom.querySelectorAll('button').find((b) => b.getAttribute('value') === action);
    assert.ok(button, `no button ${action} at ${page.url} (${page.status}): ${page.visible}`);
    const forms = page.dom.querySelectorAll('form');
    const at = forms.findIndex((form) => form.querySelectorAll('button').includes(button));
    return page.forms[at];
}
