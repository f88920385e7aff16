// Signing keys are replaced while everything runs.
import assert from 'node:assert/strict';
import test from 'node:test';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { isActive } from '../lib/app.mjs';
import { must, onedoor, servers } from '../lib/cli.mjs';
import { apps, issuer, users } from '../lib/demo.mjs';
import { get } from '../lib/http.mjs';
import { signedIn } from '../lib/signin.mjs';
import { until } from '../lib/wait.mjs';

const forRecords = { redeem: { resource: apps.resource.resource } };
const kidOf = (jwt) => decodeProtectedHeader(jwt).kid;

test('after `keys rotate` new tokens bear a new kid, and the old ones still verify', async () => {
    const before = await signedIn(apps.portal, users.citizen, forRecords);
    must('keys', 'rotate', 'ES256');
    const kid = await until('the server signs with the new key', async () => {
        const { access_token } = await signedIn(apps.portal, users.citizen);
        return kidOf(access_token) !== kidOf(before.access_token) && kidOf(access_token);
    }, { within: 15000, every: 1000 });
    const published = (await get('/jwks')).json().keys.map((key) => key.kid);
    assert.ok(published.includes(kid) && published.includes(kidOf(before.access_token)));
    const keys = createRemoteJWKSet(new URL('/jwks', issuer));
    await jwtVerify(before.access_token, keys, { issuer, audience: apps.resource.resource });
    assert.equal(await isActive(before.access_token), true);
    const id = await before.browser.open(`/logout?id_token_hint=${before.id_token}`);
    assert.ok(id.status < 400, 'the old key still verifies a hint');
});

test('the key that comes next is published before it signs anything', async () => {
    const list = must('keys', 'list').trim().split('\n').map((line) => line.split('\t'));
    const published = (await get('/jwks')).json().keys.map((key) => key.kid);
    for (const state of ['next', 'active'])
        for (const alg of ['ES256', 'RS256']) {
            const key = list.find(([, a, s]) => a === alg && s === state);
            assert.ok(key && published.includes(key[0]), `${alg} ${state}`);
        }
});

test('all servers agree on the keys', async () => {
    must('keys', 'rotate');
    await until('the same keys everywhere', async () => {
        const all = await Promise.all(servers.map(async (via) => (await get('/jwks', { via })).text));
        return new Set(all).size === 1 && must('keys', 'list').trim().split('\n').every((l) => all[0].includes(l.split('\t')[0]));
    }, { within: 15000, every: 500 });
});

test('an unknown algorithm is refused in words', () => {
    const done = onedoor('keys', 'rotate', 'HS256');
    assert.notEqual(done.status, 0);
    assert.match(done.err, /\w/);
});
