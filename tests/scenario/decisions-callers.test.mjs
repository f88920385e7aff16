// Who may ask for decisions, and about what.
import assert from 'node:assert/strict';
import test from 'node:test';
import { authenticated, revoke } from '../lib/app.mjs';
import { setApp } from '../lib/cli.mjs';
import { apps, users } from '../lib/demo.mjs';
import { basic, get, post } from '../lib/http.mjs';
import { person } from '../lib/people.mjs';
import { allowed, application, ask, decided, question, role, ruleOf, settled } from '../lib/rights.mjs';
import { assertError } from '../lib/same.mjs';
import { signedIn } from '../lib/signin.mjs';
import { until } from '../lib/wait.mjs';

const paths = ['evaluation', 'evaluations', 'search/subject', 'search/resource', 'search/action'];
const token = async (app, values = {}) =>
    (await authenticated('/token', app, { grant_type: 'client_credentials', ...values })).json().access_token;

test('the caller proves itself, whatever the body is', async (t) => {
    const app = await application(t, { permissions: ['case:read'] });
    const proofs = {
        none: null,
        'wrong secret': basic(app.client_id, 'wrong'),
        'unknown application': basic('no-such-application', 'x'),
        'public application': basic(apps.spa.client_id, ''),
        'not a token': 'Bearer x',
        'an empty token': 'Bearer ',
        'another scheme': 'Digest a=b',
    };
    for (const path of paths)
        for (const [name, authorization] of Object.entries(proofs))
            for (const text of ['{}', '{"subject":', '']) {
                const answer = await ask(app, path, null, { authorization, text });
                assert.equal(answer.status, 401, `${path} ${name} ${text}: ${answer.text}`);
                assert.match(answer.headers['www-authenticate'], /Basic realm="onedoor".*Bearer realm="onedoor"/, name);
                assert.match(answer.headers['content-type'], /^application\/json/);
            }
    assertError(await ask(app, 'evaluation', {}, { authorization: 'Basic %%%' }), 400, 'invalid_request');
});

test('an application\'s own token is as good as its secret, until it is revoked', async (t) => {
    const who = person(t);
    const app = await application(t, { permissions: ['case:read'] });
    role(app, 'reader', { onedoorPermission: 'case:read', member: who.dn, onedoorDataScope: 'all' });
    const body = question(who.username, 'read', 'case', '1');
    await settled(app, body);
    const own = await token(app);
    assert.equal(await allowed(app, body, { authorization: `Bearer ${own}` }), true);
    assert.equal((await ask(app, 'search/subject', { ...body, subject: { type: 'user' } }, { authorization: `bearer ${own}` })).json().results.length, 1);
    await revoke(app, own);
    assertError(await ask(app, 'evaluation', body, { authorization: `Bearer ${own}` }), 401, 'invalid_token');
});

test('neither a person\'s token nor one that is meant for somebody else proves an application', async (t) => {
    const app = await application(t, { permissions: ['case:read'] });
    const { access_token, id_token } = await signedIn(apps.portal, users.citizen);
    const records = await token(apps.service, { resource: apps.resource.resource, scope: 'records:read' });
    const body = question('s-1', 'read', 'case', '1');
    for (const wrong of [access_token, id_token, records]) {
        const answer = await ask(app, 'evaluation', body, { authorization: `Bearer ${wrong}` });
        assertError(answer, 401, 'invalid_token');
    }
});

test('an application asks about its own permissions only', async (t) => {
    const who = person(t);
    const one = await application(t, { permissions: ['case:read'] });
    const two = await application(t, { permissions: ['case:write'] });
    role(one, 'reader', { onedoorPermission: 'case:read', member: who.dn, onedoorDataScope: 'all' });
    const body = question(who.username, 'read', 'case', '1');
    await settled(one, body);
    assert.equal(ruleOf(await decided(two, body)), 'P-11');
    assert.equal(ruleOf(await decided(two, question(who.username, 'write', 'case', '1'))), 'P-14');
    assert.deepEqual((await ask(two, 'search/subject', { ...body, subject: { type: 'user' } })).json().results, []);
    assert.deepEqual((await ask(two, 'search/action', { subject: body.subject, resource: body.resource })).json().results, []);
});

test('an application that is switched off is not answered', async (t) => {
    const app = await application(t, { permissions: ['case:read'] });
    const body = question('nobody', 'read', 'case', '1');
    assert.equal((await ask(app, 'evaluation', body)).status, 200);
    setApp(app, { disabled: 'TRUE' });
    await until('401', async () => (await ask(app, 'evaluation', body)).status === 401, { within: 12000 });
});

test('one way to ask: POST, JSON, nothing in the address', async (t) => {
    const app = await application(t, { permissions: ['case:read'] });
    const authorization = basic(app.client_id, app.client_secret);
    for (const path of paths) {
        assertError(await post(`/access/v1/${path}`, { a: 'b' }, { headers: { authorization } }), 400, 'invalid_request');
        assertError(await ask(app, `${path}?subject=x`, {}), 400, 'invalid_request');
        const read = await get(`/access/v1/${path}`, { headers: { authorization } });
        assert.equal(read.status, 405);
        assert.equal(read.headers.allow, 'POST');
    }
});
