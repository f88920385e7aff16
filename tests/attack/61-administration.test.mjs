// What an administrator's pages must not be made to do.
import assert from 'node:assert/strict';
import test from 'node:test';
import { act, addresses, administrator, applicationWithRoles, forge, formFor, newId, officer, signedInAt } from '../lib/administrators.mjs';
import { Browser } from '../lib/browser.mjs';
import { must, onedoor } from '../lib/cli.mjs';
import * as ldap from '../lib/ldap.mjs';
import { until } from '../lib/wait.mjs';

const nameOf = (app) => /^name=(.*)$/m.exec(must('app', 'show', app.client_id))[1];

test('attack: a post from elsewhere, or without the form\'s secret, changes nothing', async (t) => {
    const { browser } = await administrator(t, 'system');
    const other = await administrator(t, 'system');
    const app = await applicationWithRoles(t);
    const before = nameOf(app);
    const page = await browser.open(`/admin/application?id=${app.client_id}`);
    const foreign = (await other.browser.open('/admin/application')).formWith('csrf').fields.csrf;
    const rename = (values, options) => act(browser, page, 'application.set', { name: 'Taken over', ...values }, options);
    for (const [values, options] of [
        [{}, { headers: { origin: 'https://evil.example' } }],
        [{}, { headers: { origin: 'null' } }],
        [{}, { headers: { 'sec-fetch-site': 'cross-site' } }],
        [{}, { headers: { 'sec-fetch-site': 'same-site' } }],
        [{ csrf: '' }, {}], [{ csrf: 'x' }, {}], [{ csrf: foreign }, {}],
    ])
        assert.equal((await rename(values, options)).status, 403, JSON.stringify([values, options]));
    // An address that only reads, asked to write; and a change by GET.
    for (const address of ['/admin', '/admin/applications', '/admin/roles', '/admin/changes'])
        assert.equal((await act(browser, page, 'application.set', {}, { form: { ...formFor(page, 'application.set'), action: address } })).status, 404, address);
    await browser.open(`/admin/application?id=${app.client_id}&action=application.remove&csrf=${page.formWith('csrf').fields.csrf}`);
    assert.equal(nameOf(app), before);
});

test('attack: no administrator posts what is another\'s', async (t) => {
    const app = await applicationWithRoles(t);
    const victim = officer(t, { totp: true });
    const desks = {
        system: await administrator(t, 'system'), security: await administrator(t, 'security'),
        audit: await administrator(t, 'audit'), department: await administrator(t, 'department', { organisations: ['330102/D0412'] }),
    };
    const app_ = `/admin/application?id=${app.client_id}`;
    const posts = [
        [app_, { action: 'application.set', name: 'x', seen: 'x' }, ['system']],
        [app_, { action: 'application.remove' }, ['system']],
        [app_, { action: 'application.secret' }, ['system']],
        [app_, { action: 'application.disable' }, ['security']],
        [`/admin/role?app=${app.client_id}&name=chief`, { action: 'define', description: 'x', seen: 'x' }, ['system']],
        [`/admin/role?app=${app.client_id}&name=chief`, { action: 'remove' }, ['system']],
        [`/admin/role?app=${app.client_id}&name=chief`, { action: 'assign', person: victim.username }, ['security']],
        ['/admin/role?app=onedoor&name=audit-administrator', { action: 'assign', person: victim.username, scope: 'all' }, ['security']],
        [`/admin/person?name=${victim.username}`, { action: 'remove-factor', sub: victim.username }, ['security']],
        ['/admin/change?id=20260101000000Z-x', { action: 'approve' }, []],
        ['/admin/audit', { action: 'remove' }, []],
    ];
    const before = must('app', 'show', app.client_id);
    for (const [role, { browser }] of Object.entries(desks)) {
        const { csrf } = await signCsrf(browser);
        for (const [address, fields, who] of posts) {
            if (who.includes(role)) continue;
            const answer = await forge(browser, address, { csrf, ...fields });
            assert.ok([400, 404, 422].includes(answer.status), `${role} ${address} ${JSON.stringify(fields)}: ${answer.status}`);
            if (!(role === 'department' && address.includes('role'))) assert.notEqual(answer.status, 422, `${role} ${address}`);
        }
    }
    assert.equal(must('app', 'show', app.client_id), before);
    assert.match(must('account', 'show', victim.username), /second-factor=totp/);
    assert.doesNotMatch(must('admin', 'list'), new RegExp(victim.username));
});

// The session's own secret of forms, from a page that everybody who is signed in has.
const signCsrf = async (browser) => (await browser.open('/account')).formWith('csrf').fields;

test('attack: somebody without a role posts to administration', async (t) => {
    const browser = await signedInAt(officer(t, { totp: true }));
    const { csrf } = await signCsrf(browser);
    for (const address of Object.keys(addresses)) {
        const answer = await forge(browser, address, { csrf, action: 'application.remove' });
        assert.equal(answer.status, 404, address);
    }
});

test('attack: an approval repeated, and one\'s own', async (t) => {
    const [first, second] = [await administrator(t, 'security'), await administrator(t, 'security')];
    const chosen = officer(t);
    t.after(() => onedoor('admin', 'withdraw', 'audit-administrator', chosen.username));
    const page = await first.browser.open('/admin/role?app=onedoor&name=audit-administrator');
    const asked = await act(first.browser, page, 'assign', { person: chosen.username, scope: 'all' });
    const address = new URL(asked.location, asked.url).pathname + new URL(asked.location, asked.url).search.replace(/&.*/, '');
    const own = await first.browser.open(address);
    const form = { ...formFor(own, 'turn-down'), action: address };
    assert.equal((await act(first.browser, own, 'approve', {}, { form, button: { action: 'approve' } })).status, 422);
    const shown = await second.browser.open(address);
    const answers = await Promise.all(Array.from({ length: 8 }, () => act(second.browser, shown, 'approve')));
    assert.equal(answers.filter((a) => a.status === 303).length, 1, answers.map((a) => a.status).join());
    must('admin', 'withdraw', 'audit-administrator', chosen.username);
    assert.equal((await act(second.browser, shown, 'approve')).status, 422);
    assert.doesNotMatch(must('admin', 'list'), new RegExp(chosen.username));
});

test('attack: what names, descriptions and notes hold stays text on every page', async (t) => {
    const nasty = '<script>alert(1)</script>"\'&<img src=x onerror=alert(1)>';
    const [system, security, audit] = [await administrator(t, 'system'), await administrator(t, 'security'), await administrator(t, 'audit')];
    const app = await applicationWithRoles(t);
    const user = officer(t, { displayName: nasty, cn: nasty });
    must('app', 'set', app.client_id, `name=${nasty}`, `name-zh=${nasty}`, `description=${nasty}`, `contact=${nasty}`);
    ldap.replace(`cn=clerk,${app.branch}`, 'displayName', nasty);
    ldap.replace(`cn=clerk,${app.branch}`, 'description', nasty);
    const role = `/admin/role?app=${app.client_id}&name=clerk`;
    await until('the role is known', async () => (await security.browser.open(role)).visible.includes('<script>'));
    const made = await act(security.browser, await security.browser.open(role), 'assign', { person: user.username, where1: '330102/D0412' });
    assert.equal(made.status, 303, made.visible);
    await until('the holder is shown', async () => (await security.browser.open(role)).visible.includes(user.username));
    const pages = [[security, role], [security, '/admin/organisations?path=330102/D0412'], [security, `/admin/person?name=${user.username}`], [security, `/admin/person?name=${encodeURIComponent(nasty)}`],
        [system, '/admin/applications'], [system, `/admin/application?id=${app.client_id}`], [system, role], [system, '/admin/roles'], [system, `/admin/roles?app=${encodeURIComponent(nasty)}`],
        [audit, '/admin/audit'], [audit, `/admin/audit?event=${encodeURIComponent(nasty)}&person=${encodeURIComponent(nasty)}`], [audit, '/admin/changes'], [audit, `/admin/changes?month=${encodeURIComponent(nasty)}`]];
    let told = 0;
    for (const [{ browser }, address] of pages) {
        const page = await browser.open(address);
        assert.equal(page.status, 200, address);
        assert.doesNotMatch(page.text, /<script>alert|<img src=x/, address);
        for (const element of page.dom.querySelectorAll('*')) assert.ok(!Object.keys(element.attributes).some((name) => /^on/i.test(name)), address);
        told += page.text.includes('&lt;script&gt;');
    }
    assert.ok(told >= 6, `it is shown, escaped, on ${told} pages`);
});

test('attack: parameters twice, strange targets and enormous forms are refused', async (t) => {
    const { browser } = await administrator(t, 'system');
    const form = formFor(await browser.open('/admin/application'), 'application.set');
    const id = newId();
    const post = (fields) => forge(browser, form.action, fields);
    for (const client_id of ['../../x', 'a,ou=keys', 'a=b', 'onedoor', '\u0000', 'x'.repeat(65), '*'])
        assert.ok([400, 422].includes((await post({ ...form.fields, client_id, action: 'application.set', 'redirect-uri': 'https://a.example/' })).status), client_id);
    assert.ok([400, 413].includes((await post({ ...form.fields, client_id: id, action: 'application.set', description: 'x'.repeat(70000) })).status));
    assert.equal((await browser.open('/admin/application?id=portal&id=spa')).status, 400);
    for (const address of ['/admin/role?app=portal&name=%2c', '/admin/role?app=a%2fb&name=c', '/admin/application?id=%2a', '/admin/change?id=%2a', '/admin/change?id=a%2cou%3dkeys', '/admin/organisations?path=..', `/admin/role?app=${'x'.repeat(3000)}&name=y`])
        assert.equal((await browser.open(address)).status, 404, address);
    assert.notEqual(onedoor('app', 'show', id).status, 0);
});

test('attack: another browser, or a session that ended, has no desk', async (t) => {
    const { browser } = await administrator(t, 'system');
    const page = await browser.open('/admin/application');
    const stranger = new Browser();
    assert.equal((await act(stranger, page, 'application.set', { client_id: newId() })).location?.includes('/signin'), true);
    const out = await browser.open('/logout');
    await browser.submit(out, {}, { form: out.forms.find((f) => f.method === 'post') });
    assert.ok((await browser.open('/admin/applications')).has('username'));
});
