import assert from 'node:assert/strict';
import test from 'node:test';
import { addApp } from '../lib/cli.mjs';
import { apps, issuer } from '../lib/demo.mjs';
import { basic, get, post } from '../lib/http.mjs';
import { assertError, assertSame } from '../lib/same.mjs';
import { timed } from '../lib/wait.mjs';

const { service, portal, spa } = apps;
const grant = { grant_type: 'client_credentials' };
const withBasic = (id, secret, values = grant) => post('/token', values, { headers: { authorization: basic(id, secret) } });
const median = (all) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)];

test('attack 22: unknown client and wrong secret: the same answer', async () => {
    const wrong = await withBasic(service.client_id, 'x'.repeat(43));
    assertError(wrong, 401, 'invalid_client');
    assert.match(wrong.headers['www-authenticate'], /^Basic/);
    for (const [id, secret] of [['nobody', 'x'.repeat(43)], ['nobody', service.client_secret], [service.client_id, ''], [service.client_id, `${service.client_secret}x`],
        [service.client_id, service.client_secret.slice(1)], [spa.client_id, 'x'], [spa.client_id, '']])
        assertSame(await withBasic(id, secret), wrong, `${id} ${secret.length}`);
});

test('attack 22: unknown client and wrong secret: the same time', async () => {
    const times = { known: [], unknown: [] };
    for (let i = 0; i < 60; i++) {
        times.known.push((await timed(() => withBasic(service.client_id, 'y'.repeat(43)))).ms);
        times.unknown.push((await timed(() => withBasic('no-such-client', 'y'.repeat(43)))).ms);
    }
    const [known, unknown] = [median(times.known), median(times.unknown)];
    assert.ok(Math.abs(known - unknown) < 3 + 0.5 * Math.max(known, unknown), `${known} ms and ${unknown} ms`);
});

test('attack 22: two methods at once is invalid_request', async () => {
    const { client_id, client_secret } = service;
    const headers = { authorization: basic(client_id, client_secret) };
    assertError(await post('/token', { ...grant, client_id, client_secret }, { headers }), 400, 'invalid_request');
    assertError(await post('/token', { ...grant, client_secret }, { headers }), 400, 'invalid_request');
    assertError(await post('/token', { ...grant, client_id: 'portal' }, { headers }), 400, 'invalid_request');
    assertError(await post('/token', { ...grant, client_assertion: 'a.b.c', client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' }, { headers }), 400, 'invalid_request');
});

test('attack 22: only the registered method', async (t) => {
    const { client_id, client_secret } = service;
    assertError(await post('/token', { ...grant, client_id, client_secret }), 401, 'invalid_client', 'Basic registered, form sent');
    assertError(await post('/token', { ...grant, client_id }), 401, 'invalid_client', 'Basic registered, nothing sent');
    const app = await addApp(t, { method: 'client_secret_post', grant: 'client_credentials', scope: 'a' });
    assertError(await withBasic(app.client_id, app.client_secret), 401, 'invalid_client', 'form registered, Basic sent');
    assertError(await post('/token', { ...grant, client_id: spa.client_id, client_secret: 'x' }), 401, 'invalid_client', 'public, yet a secret');
    assertError(await post('/token', grant), 401, 'invalid_client', 'nobody at all');
});

test('attack 22: a malformed Authorization header is refused', async () => {
    const { client_id, client_secret } = service;
    const good = Buffer.from(`${client_id}:${client_secret}`).toString('base64');
    const bad = ['Basic', 'Basic ', `Basic ${good}=`, `Basic  ${good}`, `Basic ${good} x`, `Basic ${good.slice(0, -3)}`, `Bearer ${good}`,
        `Basic ${Buffer.from(client_id).toString('base64')}`, `Basic ${Buffer.from(`${client_id}:%zz`).toString('base64')}`,
        `Basic ${Buffer.from(`${client_id}\u0000:${client_secret}`).toString('base64')}`, 'Negotiate x', `Basic ${'A'.repeat(6000)}`];
    for (const authorization of bad) {
        const answer = await post('/token', grant, { headers: { authorization } });
        assert.ok([400, 401, 413].includes(answer.status), `${authorization.slice(0, 40)}: ${answer.status}`);
        assert.ok(!answer.json().access_token);
    }
});

test('attack 22: a secret is compared as a whole', async () => {
    const { client_id, client_secret } = portal;
    for (const secret of [client_secret.toLowerCase(), ` ${client_secret}`, `${client_secret}\u0000`, `${client_secret}%00`, '*', client_secret.repeat(2)])
        assert.ok([400, 401].includes((await withBasic(client_id, secret)).status), secret.slice(0, 5));
});

test('attack 23: client assertions are not taken, signed or not', async () => {
    const assertion = [{ alg: 'none' }, { iss: service.client_id, sub: service.client_id, aud: issuer, exp: 4102444800, jti: 'a' }]
        .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
    for (const extra of [{}, { client_id: service.client_id }]) {
        const answer = await post('/token', { ...grant, ...extra, client_assertion: `${assertion}.`, client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' });
        assert.ok([400, 401].includes(answer.status));
        assert.ok(['invalid_client', 'invalid_request'].includes(answer.json().error));
    }
    const { token_endpoint_auth_methods_supported: methods } = (await get('/.well-known/openid-configuration')).json();
    assert.ok(!methods.includes('private_key_jwt'));
});
