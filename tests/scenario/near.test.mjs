// Introspection from memory: asked again, the answer comes without Redis, and what ends a token anywhere is seen by
// every server within a tenth of a second.
import assert from 'node:assert/strict';
import test from 'node:test';
import { authenticated, introspect, isActive, refresh, revoke } from '../lib/app.mjs';
import { apps, demo, users } from '../lib/demo.mjs';
import { request } from '../lib/http.mjs';
import { signedIn } from '../lib/signin.mjs';
import { until } from '../lib/wait.mjs';

const { portal, resource, service } = apps;
const twin = { via: demo.twin_plain_url };
const within = 100;

async function fromMemory() {
    const text = (await request(`${demo.management_url}/metrics`)).text;
    return Number(/^onedoor_introspections_near_total (\d+)$/m.exec(text)[1]);
}

const serviceToken = async () =>
    (await authenticated('/token', service, { grant_type: 'client_credentials', resource: resource.resource })).json().access_token;

// Asks both servers until each has the answer in memory.
async function known(token) {
    for (const server of [undefined, twin])
        for (let i = 0; i < 3; i++) assert.equal(await isActive(token, server), true);
}

// The twin is asked again and again: whatever is asked later than that after the end was answered says so.
async function endsInTime(token, server, since) {
    for (;;) {
        const asked = performance.now();
        if (!(await isActive(token, server))) return;
        assert.ok(asked - since <= within, `still active to a question of ${asked - since} ms after the end`);
    }
}

test('asked again, a token is answered from memory, with the same words', async () => {
    const token = await serviceToken();
    const first = (await introspect(token)).text;
    await until('answers come from memory', async () => {
        const before = await fromMemory();
        assert.equal((await introspect(token)).text, first);
        return (await fromMemory()) > before;
    });
    assert.equal(await isActive(token, undefined, portal), false, 'another caller is not told');
});

test('a revoked token is over at once where it was revoked, and within 100 ms elsewhere, 200 times', async () => {
    for (let i = 0; i < 200; i++) {
        const token = await serviceToken();
        await known(token);
        const [here, there] = i % 2 ? [undefined, twin] : [twin, undefined];
        assert.equal((await revoke(service, token, here)).status, 200);
        const since = performance.now();
        assert.equal(await isActive(token, here), false);
        await endsInTime(token, there, since);
    }
});

test('a refresh token used twice ends the family everywhere', async () => {
    const { access_token, refresh_token } = await signedIn(portal, users.citizen, { redeem: { resource: resource.resource } });
    await known(access_token);
    assert.equal((await refresh(portal, refresh_token, { resource: resource.resource })).status, 200);
    assert.equal((await refresh(portal, refresh_token, { resource: resource.resource })).status, 400);
    const since = performance.now();
    assert.equal(await isActive(access_token), false);
    await endsInTime(access_token, twin, since);
});

test('a sign-out ends the tokens of the session everywhere', async () => {
    const { access_token, id_token, browser } = await signedIn(portal, users.citizen, { redeem: { resource: resource.resource } });
    await known(access_token);
    const page = await browser.open(`${demo.issuer}/logout?${new URLSearchParams({ id_token_hint: id_token })}`);
    assert.ok(page);
    const since = performance.now();
    await endsInTime(access_token, twin, since);
    await endsInTime(access_token, undefined, since);
});
