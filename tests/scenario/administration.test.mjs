// Administration divided: each administrator finds what is theirs, does it, and nothing of the others'.
import assert from 'node:assert/strict';
import test from 'node:test';
import { act, addresses, administrator, applicationWithRoles, atDesk, appointed, dismiss, newId, officer, signedInAt } from '../lib/administrators.mjs';
import { authorization } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { must, onedoor, servers } from '../lib/cli.mjs';
import { demo } from '../lib/demo.mjs';
import * as ldap from '../lib/ldap.mjs';
import { disable } from '../lib/people.mjs';
import { until } from '../lib/wait.mjs';

const roles = ['system', 'security', 'audit', 'department'];
const changeAt = (answer) => new URL(answer.location, answer.url).searchParams.get('id');

test('each administrator finds their own addresses, and at the others nothing', async (t) => {
    for (const role of roles) {
        const { browser } = await administrator(t, role, { organisations: role === 'department' ? ['330102/D0412'] : [] });
        for (const [address, who] of Object.entries(addresses)) {
            const page = await browser.open(address);
            assert.equal(page.status, who.includes(role) ? 200 : 404, `${role} at ${address}: ${page.visible}`);
        }
    }
});

test('who administers nothing finds nothing, wherever they look', async (t) => {
    const browser = await signedInAt(officer(t, { totp: true }));
    for (const address of Object.keys(addresses)) {
        const page = await browser.open(address);
        assert.equal(page.status, 404, address);
        assert.doesNotMatch(page.visible, /administer/i);
    }
    // Not signed in: every address asks for that, one that is not there too.
    for (const address of Object.keys(addresses)) assert.ok((await new Browser().open(address)).has('username'), address);
});

test('administration needs the second factor, not only the password', async (t) => {
    const user = appointed(t, 'system', { totp: false });
    const browser = await signedInAt(user);
    await until('enrolment is asked for', async () => (await browser.open('/admin/applications')).has('otp'));
});

test('an application is added by one, taken into use by another, changed and removed', async (t) => {
    const [system, security] = [await administrator(t, 'system'), await administrator(t, 'security')];
    const id = newId();
    t.after(() => onedoor('app', 'remove', id));
    const form = await system.browser.open('/admin/application');
    const added = await act(system.browser, form, 'application.set', { client_id: id, name: 'New hall', 'name-zh': '新大厅', 'redirect-uri': 'https://localhost:9443/new/cb\r\nhttps://localhost:9443/new/cb2' });
    assert.equal(added.status, 200, added.visible);
    const secret = added.dom.querySelector('#secret').textContent;
    assert.match(secret, /^[\w-]{43}$/);

    const app = { client_id: id, redirect_uris: ['https://localhost:9443/new/cb'] };
    const opens = async () => (await new Browser({ via: servers[0] }).open(authorization(app).url)).has('username');
    assert.equal(await opens(), false, 'out of use until somebody else takes it into use');
    assert.equal((await system.browser.open(`/admin/application?id=${id}`)).dom.querySelectorAll('button[value="application.enable"]').length, 0);

    const seen = await security.browser.open(`/admin/application?id=${id}`);
    assert.ok(!seen.visible.includes(secret));
    assert.equal((await act(security.browser, seen, 'application.enable')).status, 303);
    await until('it is in use', opens);

    const edit = await system.browser.open(`/admin/application?id=${id}`);
    const wrong = await act(system.browser, edit, 'application.set', { 'redirect-uri': 'http://evil.example/' });
    assert.equal(wrong.status, 422);
    assert.match(wrong.visible, /not accepted.*redirect-uri/);
    assert.match(wrong.dom.querySelector('title').textContent, /^Error:/);
    assert.equal(wrong.dom.querySelector('textarea[name=redirect-uri]').textContent, 'http://evil.example/', 'what was typed is kept');
    assert.equal((await act(system.browser, edit, 'application.set', { name: 'Newer hall' })).status, 303);
    // The other form was filled in over what is past.
    assert.equal((await act(system.browser, edit, 'application.set', { name: 'Oldest hall' })).status, 422);
    assert.match(must('app', 'show', id), /name=Newer hall\n/);
    assert.equal((await act(system.browser, await system.browser.open(`/admin/application?id=${id}`), 'application.remove')).status, 303);
    assert.notEqual(onedoor('app', 'show', id).status, 0);
});

test('roles are defined by one administrator and assigned by another', async (t) => {
    const [system, security] = [await administrator(t, 'system'), await administrator(t, 'security')];
    const app = await applicationWithRoles(t);
    const clerk = officer(t);
    const defined = await act(system.browser, await system.browser.open(`/admin/role?app=${app.client_id}`), 'define', { role_name: 'reader', permission: 'case:read', 'display-name': 'Reader' });
    assert.equal(defined.status, 303, defined.visible);
    const address = `/admin/role?app=${app.client_id}&name=reader`;
    await until('the role is known', async () => (await security.browser.open(address)).status === 200);
    assert.equal((await system.browser.open(address)).dom.querySelectorAll('button[value=assign]').length, 0);

    const page = await security.browser.open(address);
    assert.equal((await act(security.browser, page, 'assign', { person: 'nobody-at-all' })).status, 422);
    assert.equal((await act(security.browser, page, 'assign', {})).status, 422);
    const made = await act(security.browser, page, 'assign', { person: clerk.username, scope: 'listed', where1: '330102/D0412', until: '2099-12-31' });
    assert.equal(made.status, 303, made.visible);
    const shown = await until('the holder is shown', async () => {
        const now = await security.browser.open(address);
        return now.visible.includes(clerk.username) && now;
    });
    assert.match(shown.visible, /Listed organisations.*330102\/D0412.*until 2100-01-01|until 2099-12-31/);
    assert.match(ldap.search(app.branch, `(member=${clerk.dn})`, 'onedoorValidUntil'), /onedoorValidUntil: \d{14}Z/);
    assert.equal((await act(system.browser, await system.browser.open(address), 'remove')).status, 422, 'somebody holds it');
    assert.equal((await act(security.browser, shown, 'withdraw')).status, 303);
    await until('nobody holds it', async () => !(await security.browser.open(address)).visible.includes(clerk.username));
    assert.equal((await act(system.browser, await system.browser.open(address), 'remove')).status, 303);
});

test('a department\'s administrator gives what is delegated, to their own people', async (t) => {
    const app = await applicationWithRoles(t);
    const { browser } = await administrator(t, 'department', { organisations: ['330102/D0412'], departmentNumber: '330102/D0412' });
    const [ours, theirs] = [officer(t, { departmentNumber: '330102/D0412' }), officer(t, { departmentNumber: '330106/D0501' })];
    const address = `/admin/role?app=${app.client_id}&name=clerk`;
    const page = await until('the role is known', async () => {
        const now = await browser.open(address);
        return now.status === 200 && now;
    });
    const options = page.dom.querySelectorAll('#organisations option').map((o) => o.getAttribute('value'));
    assert.deepEqual(options, ['330102/D0412']);
    assert.ok(!page.dom.querySelector('option[value=all]') && !page.has('group'));
    assert.equal((await browser.open(`/admin/role?app=${app.client_id}&name=chief`)).status, 404);
    assert.deepEqual((await browser.open('/admin/organisations')).dom.querySelectorAll('.tree code').map((c) => c.textContent), ['330102/D0412']);

    const made = await act(browser, page, 'assign', { person: ours.username });
    assert.equal(made.status, 303, made.visible);
    assert.match(ldap.search(app.branch, `(member=${ours.dn})`, 'onedoorOrganisation'), /onedoorOrganisation: 330102\/D0412/);
    const here = await until('it is shown', async () => {
        const now = await browser.open('/admin/organisations?path=330102/D0412');
        return now.visible.includes(ours.username) && now;
    });
    assert.match(here.visible, new RegExp(`${app.client_id}/clerk`));

    // The same form with what it never offered.
    const forged = [{ person: theirs.username }, { person: ours.username, scope: 'all' }, { person: ours.username, where1: '330106/D0501' }, { person: ours.username, where1: '330102' }, { person: ours.username, scope: 'listed-and-below', where1: '330102' }, { group: 'all-staff' }, { organisation: '330102/D0412' }];
    for (const values of forged) {
        const answer = await act(browser, page, 'assign', values);
        assert.ok([404, 422].includes(answer.status), `${JSON.stringify(values)}: ${answer.status}`);
    }
    const chief = { ...page.forms.find((f) => f.names.has('person')), action: `/admin/role?app=${app.client_id}&name=chief` };
    const king = { ...chief, action: '/admin/role?app=onedoor&name=department-administrator' };
    for (const form of [chief, king]) assert.ok([404, 422].includes((await act(browser, page, 'assign', { person: ours.username }, { form })).status));
    assert.equal([...ldap.search(demo.registry_base, '(&(objectClass=onedoorAssignment)(member=*))', 'member').matchAll(new RegExp(`member: (${ours.dn}|${theirs.dn})`, 'g'))].length, 1);
});

test('administrators are appointed by two, and never against the exclusions', async (t) => {
    const [first, second] = [await administrator(t, 'security'), await administrator(t, 'security')];
    const system = await administrator(t, 'system');
    const chosen = officer(t, { totp: true });
    const address = '/admin/role?app=onedoor&name=audit-administrator';
    const page = await first.browser.open(address);
    const excluded = await act(first.browser, page, 'assign', { person: system.user.username, scope: 'all' });
    assert.equal(excluded.status, 422);
    assert.match(excluded.visible, /excludes this one/);
    assert.match((await act(first.browser, page, 'assign', { person: first.user.username, scope: 'all' })).visible, /Nobody assigns roles to themselves/);

    const asked = await act(first.browser, page, 'assign', { person: chosen.username, scope: 'all' });
    assert.match(asked.location, /\/admin\/change\?id=.*message=waits/);
    const id = changeAt(asked);
    t.after(() => onedoor('admin', 'withdraw', 'audit-administrator', chosen.username));
    assert.equal((await system.browser.open(`/admin/change?id=${id}`)).status, 404);
    const own = await first.browser.open(`/admin/change?id=${id}`);
    assert.equal(own.dom.querySelectorAll('button[value=approve]').length, 0);

    const waiting = await second.browser.open('/admin/changes');
    assert.ok(waiting.dom.querySelector(`a[href="/admin/change?id=${id}"]`));
    const shown = await second.browser.open(`/admin/change?id=${id}`);
    assert.match(shown.visible, new RegExp(`${chosen.dn}|all`));
    assert.match((await act(second.browser, shown, 'approve')).location, /message=done/);
    assert.ok(await atDesk(chosen));
});

test('who is dismissed loses every page within a second, on every server', async (t) => {
    const { user, browser } = await administrator(t, 'system');
    for (const via of servers) assert.equal((await browser.by(via).open('/admin/applications')).status, 200);
    dismiss('system', user);
    for (const via of servers) await until('it is over', async () => (await browser.by(via).open('/admin/applications')).status === 404, { within: 1000, every: 30 });
});

test('an administrator whose account is disabled has no desk within a second', async (t) => {
    const { user, browser } = await administrator(t, 'audit');
    disable(user);
    for (const via of servers) await until('it is over', async () => (await browser.by(via).open('/admin/audit')).has('username'), { within: 1000, every: 30 });
});

test('the audit administrator reads what the others did, with before and after', async (t) => {
    const [system, audit] = [await administrator(t, 'system'), await administrator(t, 'audit')];
    const app = await applicationWithRoles(t);
    const name = `Renamed ${newId()}`;
    await act(system.browser, await system.browser.open(`/admin/application?id=${app.client_id}`), 'application.set', { name });
    const log = await audit.browser.open(`/admin/audit?event=change_made&person=${system.user.username}`);
    assert.match(log.visible, new RegExp(`application.set.*${app.client_id}`));
    assert.ok(log.visible.includes(`{"name":["Test ${app.client_id}"]}`) && log.visible.includes(`{"name":["${name}"]}`), log.visible);
    const history = await audit.browser.open('/admin/changes');
    const link = history.dom.querySelectorAll('td, th').length > 0 && log.dom.querySelector('a[href^="/admin/change?id="]').getAttribute('href');
    const one = await audit.browser.open(link);
    assert.match(one.visible, new RegExp(`Before.*Test ${app.client_id}.*${name}.*${system.user.username}`));
    assert.equal(one.dom.querySelectorAll('button').length, 0, 'only reads');
    assert.ok(history.visible.includes(app.client_id));
    assert.ok(!(await audit.browser.open('/admin/audit?day=1999-01-01')).visible.includes(app.client_id));
});

test('the command line is recorded and audited as well', async (t) => {
    const { browser } = await administrator(t, 'audit');
    const app = await applicationWithRoles(t);
    must('app', 'set', app.client_id, 'contact=Desk 7');
    must('app', 'set', app.client_id, 'contact=Desk 8');
    const log = await browser.open('/admin/audit?event=change_made&person=root');
    assert.ok(log.visible.includes('{"contact":["Desk 7"]}') && log.visible.includes('{"contact":["Desk 8"]}'), log.visible);
    assert.match((await browser.open('/admin/changes')).visible, new RegExp(`${app.client_id} Made root`));
});

test('root appoints, lists and dismisses, and not against the exclusions', (t) => {
    const user = officer(t);
    t.after(() => onedoor('admin', 'withdraw', 'audit-administrator', user.username));
    must('admin', 'grant', 'audit-administrator', user.username);
    assert.match(must('admin', 'list'), new RegExp(`audit-administrator\t${user.username}\tall`));
    const both = onedoor('admin', 'grant', 'system-administrator', user.username);
    assert.notEqual(both.status, 0);
    assert.match(both.err, /excludes this one: audit-administrator/);
    assert.match(onedoor('admin', 'grant', 'emperor', user.username).err, /there are: system-administrator/);
    assert.notEqual(onedoor('admin', 'grant', 'system-administrator', 'nobody-at-all').status, 0);
    must('admin', 'withdraw', 'audit-administrator', user.username);
    assert.doesNotMatch(must('admin', 'list'), new RegExp(user.username));
    assert.notEqual(onedoor('admin', 'withdraw', 'audit-administrator', user.username).status, 0);
});

test('a lost phone: the security administrator removes the factor, and nobody else\'s page has it', async (t) => {
    const { browser } = await administrator(t, 'security');
    const user = officer(t, { totp: true });
    const page = await browser.open(`/admin/person?name=${user.username}`);
    assert.ok(page.visible.includes(user.username));
    assert.match((await act(browser, page, 'remove-factor')).location, /message=done/);
    assert.match(must('account', 'show', user.username), /second-factor=none/);
    assert.equal((await act(browser, page, 'remove-factor')).status, 422);
    assert.equal((await browser.open('/admin/person?name=nobody-at-all')).visible.includes('There is no such person'), true);
});

test('administration speaks Chinese', async (t) => {
    const user = appointed(t, 'security');
    const browser = await atDesk(user, { language: 'zh-CN' });
    for (const [address, words] of [['/admin', /管理身份.*安全管理员/], ['/admin/applications', /市民门户/], ['/admin/organisations', /上城区/], ['/admin/changes', /等待第二人批准/]])
        assert.match((await browser.open(address)).visible, words, address);
});
