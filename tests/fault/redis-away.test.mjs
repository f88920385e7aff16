// Redis is away: nothing is granted, nothing is called inactive, and all is well again within five seconds.
import assert from 'node:assert/strict';
import test from 'node:test';
import { authenticated, authorization, introspect, isActive, redeem, refresh, revoke } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { apps, demo, users } from '../lib/demo.mjs';
import { get, request } from '../lib/http.mjs';
import { frozen, health, healthy, killed, startRedis } from '../lib/processes.mjs';
import { inTime, unavailable } from '../lib/sleepers.mjs';
import { enter, signedIn, signInAt } from '../lib/signin.mjs';
import { ensureRedis } from '../lib/stores.mjs';
import { sleep, until } from '../lib/wait.mjs';

const { portal, resource, service } = apps;
const { citizen } = users;

async function prepared() {
    await healthy();
    const browser = new Browser();
    const page = await browser.open(authorization(portal).url);
    const entered = await enter(new Browser(), portal, citizen);
    const session = await signedIn(portal, citizen, { redeem: { resource: resource.resource } });
    return { browser, page, ...entered, session };
}

async function everythingRefused({ browser, page, asked, returned, session }) {
    const bearer = { headers: { authorization: `Bearer ${session.access_token}` } };
    await unavailable(() => browser.post(page, { username: citizen.username, password: citizen.password }), 'a password');
    await unavailable(() => new Browser().open(authorization(portal).url), 'a new sign-in');
    await unavailable(() => session.browser.send(authorization(portal).url), 'a session');
    await unavailable(() => redeem(asked, returned.code), 'a code');
    await unavailable(() => refresh(portal, session.refresh_token), 'a refresh token');
    await unavailable(() => authenticated('/token', service, { grant_type: 'client_credentials' }), 'client credentials');
    await unavailable(() => introspect(session.access_token), 'introspection');
    await unavailable(() => revoke(portal, session.access_token), 'revocation');
    await unavailable(() => get('/userinfo', bearer), 'userinfo');
    for (const path of ['/jwks', '/.well-known/openid-configuration'])
        assert.equal((await inTime(() => get(path), path)).status, 200);
    assert.equal((await health()).redis, 'away');
    assert.equal((await request(`${demo.management_url}/health`)).status, 503);
}

async function allIsWell({ browser, page, asked, returned, session }) {
    await healthy();
    assert.equal(await isActive(session.access_token), true, 'an outage is no revocation');
    assert.equal((await redeem(asked, returned.code)).status, 200, 'the code was not burnt');
    assert.ok((await signInAt(browser, page, citizen)).left, 'the sign-in under way goes on');
    assert.equal((await refresh(portal, session.refresh_token)).status, 200);
}

test('Redis silent (SIGSTOP): 503 with Retry-After everywhere, then all goes on where it stood', async () => {
    const before = await prepared();
    await frozen('redis', () => everythingRefused(before));
    await allIsWell(before);
});

test('Redis killed: the same', async (t) => {
    t.after(ensureRedis);
    const before = await prepared();
    await killed('redis');
    await everythingRefused(before);
    await startRedis();
    await allIsWell(before);
});

test('Redis killed and back at once, again and again: no request is answered wrongly', async (t) => {
    t.after(ensureRedis);
    const { access_token } = await signedIn(portal, citizen, { redeem: { resource: resource.resource } });
    const seen = new Set();
    let over = false;
    const watch = (async () => {
        while (!over) {
            const answer = await introspect(access_token);
            seen.add(answer.status === 200 ? answer.json().active : answer.status);
            await sleep(5);
        }
    })();
    for (let i = 0; i < 3; i++) {
        await killed('redis');
        await startRedis();
        await until('introspection works', () => isActive(access_token), { within: 5000 });
    }
    over = true;
    await watch;
    assert.ok([...seen].every((what) => what === true || what === 503), [...seen].join());
});

test('a hundred callers during an outage: all are answered in time, and others wait for none of them', async () => {
    const { access_token } = await signedIn(portal, citizen, { redeem: { resource: resource.resource } });
    await frozen('redis', async () => {
        const answers = Promise.all(Array.from({ length: 100 }, () => introspect(access_token)));
        for (let i = 0; i < 10; i++) await inTime(() => get('/jwks'), 'the keys meanwhile', 1500);
        for (const answer of await answers) assert.equal(answer.status, 503);
    });
    await healthy();
});

test('the page says so in plain words, without blaming the person', async () => {
    await frozen('redis', async () => {
        const page = await new Browser().open(authorization(portal).url);
        assert.equal(page.status, 503);
        assert.match(page.headers['content-type'], /^text\/html/);
        assert.match(page.visible, /12345/, 'the help phone');
        assert.doesNotMatch(page.visible, /redis|wrong password/i);
    });
    await healthy();
});
