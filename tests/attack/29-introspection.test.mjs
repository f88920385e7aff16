import assert from 'node:assert/strict';
import test from 'node:test';
import { authenticated, introspect, isActive, revoke } from '../lib/app.mjs';
import { apps, demo, users } from '../lib/demo.mjs';
import { basic, post } from '../lib/http.mjs';
import { assertError, assertSame } from '../lib/same.mjs';
import { signedIn } from '../lib/signin.mjs';
import { sleep } from '../lib/wait.mjs';

const { portal, resource, spa, service } = apps;
const forRecords = { redeem: { resource: resource.resource } };
const inactive = '{"active":false}';

test('attack 29: a caller who does not prove itself gets 401, whatever the token', async () => {
    const { access_token } = await signedIn(portal, users.citizen, forRecords);
    const wrong = { authorization: basic(resource.client_id, 'wrong') };
    for (const token of [access_token, 'x', '', undefined]) {
        assertError(await post('/introspect', { token }, { headers: wrong }), 401, 'invalid_client', `wrong secret, token ${token?.slice(0, 5)}`);
        assertError(await post('/introspect', { token }), 401, 'invalid_client', `no proof, token ${token?.slice(0, 5)}`);
    }
    const one = await post('/introspect', { token: access_token }, { headers: wrong });
    assertSame(one, await post('/introspect', { token: 'x' }, { headers: wrong }));
});

test('attack 29: a public client, and one that is neither issued to nor meant, learn nothing', async () => {
    const { access_token } = await signedIn(portal, users.citizen, forRecords);
    const answer = await authenticated('/introspect', spa, { token: access_token });
    assertError(answer, 401, 'invalid_client', 'public');
    for (const app of [apps.backoffice, service]) {
        const told = await introspect(access_token, {}, app);
        assert.ok(told.status === 403 || told.status === 401 || told.text === inactive, `${app.client_id}: ${told.status} ${told.text}`);
    }
});

test('attack 29: a token as the caller\'s own proof is none', async () => {
    const { access_token } = await signedIn(portal, users.citizen, forRecords);
    assertError(await post('/introspect', { token: access_token }, { headers: { authorization: `Bearer ${access_token}` } }), 401, 'invalid_client');
});

test('attack 30: of another resource, random, revoked, malformed: the same answer', async () => {
    const revoked = (await signedIn(portal, users.citizen, forRecords)).access_token;
    await revoke(portal, revoked);
    const own = (await signedIn(portal, users.citizen)).access_token;
    const known = await introspect('x'.repeat(43));
    assert.equal(known.text, inactive);
    for (const [name, token] of Object.entries({ own, revoked, malformed: 'a.b.c', long: 'x'.repeat(8000), dots: '...', words: 'not a token', unicode: '令牌' })) {
        assertSame(await introspect(token), known, name);
        assertSame(await authenticated('/introspect', resource, { token, token_type_hint: 'refresh_token' }), known, `${name} with a hint`);
    }
});

test('attack 30: no token is invalid_request', async () => {
    for (const token of [undefined, '']) assertError(await introspect(token), 400, 'invalid_request');
});

test('attack 31: revoked, then introspected at once with a hot cache, here and at the twin', async () => {
    const places = [undefined, demo.twin_plain_url].filter((via, i) => i === 0 || via);
    for (let round = 0; round < 5; round++) {
        const { access_token } = await signedIn(portal, users.citizen, forRecords);
        for (let i = 0; i < 20; i++) for (const via of places) assert.equal(await isActive(access_token, { via }), true);
        await revoke(portal, access_token);
        for (const via of places) assert.equal(await isActive(access_token, { via }), false, `at ${via ?? 'the same server'}`);
    }
});

test('attack 31: introspected all the time while it is revoked: never active afterwards', async () => {
    const { access_token } = await signedIn(portal, users.citizen, forRecords);
    let over = false;
    const late = [];
    const watch = async () => {
        while (!over) await isActive(access_token);
        late.push(await isActive(access_token));
    };
    const watchers = Array.from({ length: 8 }, watch);
    await sleep(100);
    await revoke(portal, access_token);
    over = true;
    await Promise.all(watchers);
    assert.deepEqual([...new Set(late)], [false]);
});

test('revocation: whose token it is not, cannot revoke it; unknown ones are 200', async () => {
    const { access_token, refresh_token } = await signedIn(portal, users.citizen, forRecords);
    for (const app of [service, spa]) for (const token of [access_token, refresh_token]) await revoke(app, token);
    assert.equal(await isActive(access_token), true);
    assert.equal((await revoke(portal, 'no-such-token')).status, 200, 'RFC 7009 section 2.2');
    assertError(await post('/revoke', { token: access_token }), 401, 'invalid_client');
});
