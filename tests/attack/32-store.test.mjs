import assert from 'node:assert/strict';
import test from 'node:test';
import { authorization, isActive, introspect, refresh, revoke, redeem } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { apps, users } from '../lib/demo.mjs';
import { frozen, healthy } from '../lib/processes.mjs';
import { keys, keysMadeBy, redis, redisAll } from '../lib/redis.mjs';
import { enter, signedIn } from '../lib/signin.mjs';
import { assertError } from '../lib/same.mjs';

const { portal, resource } = apps;
const forRecords = { redeem: { resource: resource.resource } };

test('attack 32: revocation while the store is silent is 503, never 200, and the token is not reported dead', async () => {
    const { access_token, refresh_token } = await signedIn(portal, users.citizen, forRecords);
    await frozen('redis', async () => {
        for (const token of [access_token, refresh_token]) {
            const answer = await revoke(portal, token);
            assertError(answer, 503, 'temporarily_unavailable');
            assert.ok(Number(answer.headers['retry-after']) > 0);
        }
        assertError(await introspect(access_token), 503);
    });
    await healthy();
    assert.equal(await isActive(access_token), true);
    assert.equal((await revoke(portal, access_token)).status, 200);
    assert.equal(await isActive(access_token), false);
});

test('attack 33: what lies in the store cannot be read', async () => {
    const { value: tokens, made } = await keysMadeBy(() => signedIn(portal, users.citizen, forRecords));
    assert.ok(made.length >= 3, `${made.length} keys`);
    for (const key of made) assert.match(key, /^od:[\w-]{27}$/);
    const secrets = [users.citizen.username, tokens.access_token.slice(-40), tokens.refresh_token, portal.client_id, 'sub', 'scope'];
    for (const key of made) {
        const dump = redis('--raw', 'DUMP', key);
        for (const secret of secrets) assert.ok(!dump.includes(secret), `${secret} in ${key}`);
    }
});

test('attack 33: a value copied onto another key is refused', async () => {
    const mine = await keysMadeBy(() => signedIn(portal, users.citizen, forRecords));
    const theirs = await keysMadeBy(() => signedIn(portal, users.citizen2, forRecords));
    for (const to of mine.made) for (const from of theirs.made) {
        if (redis('TYPE', to) !== 'string' || redis('TYPE', from) !== 'string') continue;
        redis('COPY', from, to, 'REPLACE');
        const seen = await introspect(mine.value.access_token);
        if (seen.status === 200 && seen.json().active) assert.notEqual(seen.json().sub, users.citizen2.username, 'a stolen record');
        const page = await mine.value.browser.open('/account');
        assert.ok(!page.visible.includes(users.citizen2.username), 'a stolen session');
    }
    assert.equal((await introspect(mine.value.access_token)).text, '{"active":false}');
    assert.ok((await mine.value.browser.open(authorization(portal).url)).has('username'));
    assert.equal((await refresh(portal, mine.value.refresh_token)).json().error, 'invalid_grant');
    assert.equal(await isActive(theirs.value.access_token), true, 'the others are untouched');
});

test('attack 33: an altered value is refused, wherever the byte is', async () => {
    for (const offset of [0, 5, 20, -1]) {
        const { value: tokens, made } = await keysMadeBy(() => signedIn(portal, users.citizen, forRecords));
        for (const key of made) {
            if (redis('TYPE', key) !== 'string' || redis('STRLEN', key) < 24) continue;
            const at = offset < 0 ? Number(redis('STRLEN', key)) + offset : offset;
            const old = redis('--raw', 'GETRANGE', key, String(at), String(at));
            redis('SETRANGE', key, String(at), old === 'X' ? 'Y' : 'X');
        }
        assert.equal((await introspect(tokens.access_token)).text, '{"active":false}', `byte ${offset}`);
        assert.ok((await tokens.browser.open(authorization(portal).url)).has('username'), `byte ${offset}`);
    }
});

test('attack 33: values of an earlier time, put back, revive nothing that was spent', async () => {
    const { asked, returned } = await enter(new Browser(), portal, users.citizen);
    const before = keys();
    redisAll(before.map((key) => ['COPY', key, `kept:${key}`, 'REPLACE']));
    const tokens = (await redeem(asked, returned.code)).json();
    const now = new Set(keys());
    redisAll(before.map((key) => (now.has(key) ? ['DEL', `kept:${key}`] : ['RENAME', `kept:${key}`, key])));
    assert.notEqual((await redeem(asked, returned.code)).status, 200);
    assert.notEqual((await refresh(portal, tokens.refresh_token)).status, 200);
});

test('attack 33: a forged record under a guessed name is no record', async () => {
    const browser = new Browser();
    await browser.setCookie('__Host-onedoor-session', 'B'.repeat(43));
    const { made } = await keysMadeBy(() => browser.open(authorization(portal).url));
    assert.ok(made.every((key) => redis('TTL', key) > 0), 'whatever is made expires');
    assert.ok((await browser.open('/account')).has('username'));
});
