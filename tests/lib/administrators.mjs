// Administrators made for one test: people of the directory, appointed by root, signed in with a second factor.
import { Browser } from './browser.mjs';
import { must, onedoor, servers } from './cli.mjs';
import { person } from './people.mjs';
import { signInAt } from './signin.mjs';
import { until } from './wait.mjs';

export function appointed(t, role, { organisations = [], ...changes } = {}) {
    const user = person(t, { kind: 'staff', totp: true, departmentNumber: '330110/D0602', ...changes });
    if (role) appoint(t, role, user, organisations);
    return user;
}

export function appoint(t, role, user, organisations = []) {
    must('admin', 'grant', role, user.username, ...organisations);
    t.after(() => onedoor('admin', 'withdraw', role, user.username));
}

export const dismiss = (role, user) => must('admin', 'withdraw', role, user.username);

// A browser in which the person is signed in and has an administrator's pages before them.
export async function atDesk(user, options) {
    const browser = new Browser(options);
    const page = await signInAt(browser, await browser.open('/admin'), user);
    if (page.status === 200 && page.visible.includes('administer as')) return browser;
    // The role was given a moment ago.
    await until(`${user.username} administers`, async () => (await browser.open('/admin')).status === 200, { within: 5000 });
    return browser;
}

export async function administrator(t, role, options) {
    const user = appointed(t, role, options);
    return { user, browser: await atDesk(user, { via: servers[0] }) };
}
