// The C library asks for decisions, as an application whose roles stand in the directory.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import { compileExample, gate, installLibrary } from '../lib/library.mjs';
import * as ldap from '../lib/ldap.mjs';
import { enrol, person } from '../lib/people.mjs';
import { application, question, role, settled } from '../lib/rights.mjs';
import { signedIn } from '../lib/signin.mjs';
import { until } from '../lib/wait.mjs';

const library = installLibrary();
const program = compileExample(library, 'gate');
after(library.remove);

const registered = (t, permissions) => application(t, {
    permissions,
    types: ['case owner=applicant organisation=department'],
    grant: ['client_credentials', 'authorization_code'],
    scope: ['openid', 'profile'],
    'redirect-uri': 'https://localhost:9443/cases/callback',
});

async function clean(it) {
    const { status, said } = await it.end();
    assert.equal(status, 0, said);
}

test('one at a time: allowed, denied with the rule, and withdrawn at once', async (t) => {
    const user = person(t, { kind: 'staff' });
    const app = await registered(t, ['case:read', 'case:approve']);
    const dn = role(app, 'reader', { onedoorPermission: 'case:read', member: user.dn, onedoorDataScope: 'all' });
    await settled(app, question(user.username, 'read', 'case', '1'));
    const it = gate(t, library, program, app);
    const ask = (action) => it.ask(`decide ${user.username} ${action} case 1`);
    assert.equal((await ask('read')).status, 200);
    const denied = await ask('approve');
    assert.equal(denied.status, 403);
    assert.match(denied.context.reason_admin['403'], /^P-14/);
    assert.equal((await it.ask('decide nobody-of-that-name read case 1')).status, 403);
    ldap.remove(dn);
    await until('the right is gone', async () => (await ask('read')).status === 403, { within: 5000, every: 50 });
    await clean(it);
});

test('several at once', async (t) => {
    const user = person(t, { kind: 'staff' });
    const app = await registered(t, ['case:read', 'case:comment', 'case:approve']);
    role(app, 'clerk', { onedoorPermission: ['case:read', 'case:comment'], member: user.dn, onedoorDataScope: 'all' });
    await settled(app, question(user.username, 'comment', 'case', '1'));
    const it = gate(t, library, program, app);
    assert.deepEqual(await it.ask(`all ${user.username} case 1 read comment`), { status: 200, allowed: 2, of: 2 });
    assert.deepEqual(await it.ask(`all ${user.username} case 1 read approve comment`), { status: 403, allowed: 2, of: 3 });
    await clean(it);
});

test('where a stronger sign-in is needed the decision says which, and the token proves it', async (t) => {
    const user = person(t, { kind: 'staff' });
    const app = await registered(t, ['case:approve acr=substantial']);
    role(app, 'approver', { onedoorPermission: 'case:approve', member: user.dn, onedoorDataScope: 'all' });
    await settled(app, question(user.username, 'approve', 'case', '1'), 'P-19');
    const it = gate(t, library, program, app);
    const ask = async () => {
        const { access_token } = await signedIn(app, user);
        return it.ask(`decide ${user.username} approve case 1 ${access_token}`);
    };
    const weak = await ask();
    assert.equal(weak.status, 403);
    assert.equal(weak.context.acr_values, 'substantial');
    enrol(user);
    assert.equal((await ask()).status, 200);
    await clean(it);
});

test('an application that may not ask is told so, which is no denial', async (t) => {
    const app = await registered(t, ['case:read']);
    const it = gate(t, library, program, app, { ONEDOOR_CLIENT_SECRET: 'wrong' });
    assert.deepEqual([(await it.ask('decide x read case 1')).status, (await it.ask('decide x read case 1')).error], [503, 5]);
    await clean(it);
});
