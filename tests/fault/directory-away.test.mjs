// The directory is away or slow: no sign-in, and everything that lives goes on.
import assert from 'node:assert/strict';
import test from 'node:test';
import { authorization, introspect, isActive, refresh, revoke } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { apps, demo, users } from '../lib/demo.mjs';
import { get, request } from '../lib/http.mjs';
import { ownServer } from '../lib/own-server.mjs';
import { frozen, health, healthy, killed, restart } from '../lib/processes.mjs';
import { inTime, unavailable } from '../lib/sleepers.mjs';
import { signedIn, signInAt } from '../lib/signin.mjs';
import { sleep, timed, until } from '../lib/wait.mjs';

const { portal, resource } = apps;
const { citizen } = users;
const forRecords = { redeem: { resource: resource.resource } };

async function prepared() {
    await healthy();
    const browser = new Browser();
    const page = await browser.open(authorization(portal).url);
    const session = await signedIn(portal, citizen, forRecords);
    const own = await signedIn(portal, citizen);
    return { browser, page, session, own };
}

async function holds({ browser, page, session, own }) {
    const refused = await unavailable(() => browser.post(page, { username: citizen.username, password: citizen.password }), 'a password');
    assert.match(refused.headers['content-type'], /^text\/html/);
    await unavailable(() => browser.post(page, { username: 'nobody', password: 'x' }), 'a password of nobody');

    assert.equal((await inTime(() => introspect(session.access_token), 'introspection')).json().active, true);
    assert.equal((await inTime(() => introspect('nonsense'), 'introspection of nonsense')).text, '{"active":false}');
    assert.equal((await inTime(() => get('/jwks'), 'the keys')).status, 200);
    const bearer = { headers: { authorization: `Bearer ${own.access_token}` } };
    assert.equal((await get('/userinfo', bearer)).status, 200, 'userinfo of a live session');
    assert.equal((await refresh(portal, own.refresh_token)).status, 200, 'a live session gets new tokens');
    assert.ok((await session.browser.open(authorization(portal).url)).left, 'and opens applications');
    assert.equal((await inTime(() => revoke(portal, session.access_token), 'revocation')).status, 200);
    assert.equal(await isActive(session.access_token), false);
    assert.equal((await health()).directory, 'away');
    assert.equal((await request(`${demo.management_url}/health`)).status, 503);
}

async function allIsWell({ browser, page }) {
    await healthy();
    assert.ok((await signInAt(browser, page, citizen)).left, 'the sign-in under way goes on');
}

test('slapd silent (SIGSTOP)', async () => {
    const before = await prepared();
    await frozen('slapd', () => holds(before));
    await allIsWell(before);
});

test('slapd killed', async (t) => {
    t.after(restart);
    const before = await prepared();
    await killed('slapd');
    await holds(before);
    restart();
    await allIsWell(before);
});

test('a slow directory and a hundred people at the door: introspection keeps its pace', async () => {
    await healthy();
    const session = await signedIn(portal, citizen, forRecords);
    const doors = await Promise.all(Array.from({ length: 40 }, async (_, i) => {
        const browser = new Browser({ source: `127.6.1.${i + 1}` });
        return { browser, page: await browser.open(authorization(portal).url) };
    }));
    await frozen('slapd', async () => {
        const waiting = Promise.all(doors.map(({ browser, page }) => browser.post(page, { username: citizen.username, password: citizen.password })));
        for (let i = 0; i < 20; i++) {
            const { ms, value } = await timed(() => introspect(session.access_token));
            assert.equal(value.json().active, true);
            assert.ok(ms < 1000, `introspection took ${ms} ms`);
        }
        for (const answer of await waiting) assert.equal(answer.status, 503);
    });
    await healthy();
    assert.ok((await signedIn(portal, citizen)).id_token);
});

test('a server that starts while the directory is away waits for it, and then serves', async (t) => {
    await killed('slapd');
    const server = await ownServer(t, {}, { wait: false });
    await sleep(1500);
    assert.equal(server.child.exitCode, null, server.log());
    assert.match(server.log(), /waiting/);
    restart();
    await until('it serves', async () => (await get('/jwks', { via: server.via })).status === 200, { within: 8000 });
    assert.ok((await signedIn(portal, citizen, { via: server.via })).id_token);
});

test('a wrong password is never the answer to an outage, nor an outage to a wrong password', async () => {
    await healthy(); // it finds the directory again, after a pause, that was away before
    const browser = new Browser({ source: '127.6.2.1' });
    const page = await browser.open(authorization(portal).url);
    const wrong = await browser.post(page, { username: citizen.username, password: 'wrong' });
    assert.notEqual(wrong.status, 503);
    await frozen('slapd', async () => {
        const away = await browser.post(page, { username: citizen.username, password: 'wrong' });
        assert.equal(away.status, 503);
        assert.ok(!away.has('password') || !/wrong|incorrect/i.test(away.visible));
    });
    await healthy();
});
