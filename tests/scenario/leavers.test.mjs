// Who is disabled, deleted or locked out has nothing left on any server within a second, and gets nothing back.
import assert from 'node:assert/strict';
import test from 'node:test';
import { authorization, introspect, isActive, refresh } from '../lib/app.mjs';
import { apps, demo, users } from '../lib/demo.mjs';
import { everywhere, inactive, introspected, seenInTime, summary } from '../lib/everywhere.mjs';
import { get } from '../lib/http.mjs';
import * as ldap from '../lib/ldap.mjs';
import { disable, person } from '../lib/people.mjs';
import { healthy, killed, restart } from '../lib/processes.mjs';
import { isSignedOut, signedIn } from '../lib/signin.mjs';
import { sleep } from '../lib/wait.mjs';

const { portal } = apps;
const offline = { ask: { scope: 'openid profile offline_access' } };
const needsTwin = { skip: demo.twin_plain_url ? false : 'the demo runs without --twin' };
const enable = (user) => ldap.replace(user.dn, 'pwdAccountLockedTime', undefined);
const userinfo = (token, via) => get('/userinfo', { via, headers: { authorization: `Bearer ${token}` } });

// Everything that a sign-in gave is over, wherever one asks.
async function assertOver({ browser, access_token, refresh_token }) {
    for (const via of everywhere) {
        assert.equal(await isActive(access_token, { via }, portal), false);
        assert.equal((await introspect(refresh_token, { via }, portal)).json().active, false);
        assert.equal((await userinfo(access_token, via)).status, 401);
        assert.ok((await browser.by(via).open(authorization(portal).url)).has('username'), 'the session is over');
    }
    assert.equal((await refresh(portal, refresh_token)).json().error, 'invalid_grant');
}

for (const [what, leave] of [['disabled', disable], ['deleted', (user) => ldap.remove(user.dn)]])
    test(`${what}: introspection, userinfo, refresh and session, on every server, within a second`, needsTwin, async (t) => {
        const user = person(t, { leaves: what === 'deleted' });
        const here = await signedIn(portal, user);
        const there = await signedIn(portal, user, { via: demo.twin_plain_url, ...offline });
        const other = await signedIn(portal, users.citizen);
        await seenInTime(what, () => leave(user), introspected(here.access_token, inactive, portal));
        await assertOver(here);
        await assertOver(there);
        assert.equal(await isActive(other.access_token, {}, portal), true, 'nobody else is hit');
        assert.ok(!(await isSignedOut(other.browser)));
    });

test('enabled again: they sign in anew, and nothing from before comes back', async (t) => {
    const user = person(t);
    const before = await signedIn(portal, user, offline);
    await seenInTime('disabled', () => disable(user), introspected(before.access_token, inactive, portal));
    await sleep(1100); // the notice counts in whole seconds
    enable(user);
    const after = await signedIn(portal, user, offline);
    assert.equal(await isActive(after.access_token, {}, portal), true);
    await sleep(1500); // by now every server has heard of it
    await assertOver(before);
    for (const via of everywhere) assert.equal(await isActive(after.access_token, { via }, portal), true);
    assert.equal((await refresh(portal, after.refresh_token)).status, 200);
});

test('100 leavers: each out on both servers within a second', async (t) => {
    const times = [];
    for (let i = 0; i < 100; i++) {
        const user = person(t);
        const { access_token } = await signedIn(portal, user);
        times.push(await seenInTime(`leaver ${i}`, () => disable(user), introspected(access_token, inactive, portal)));
    }
    t.diagnostic(`out ${summary(times)}`);
});

test('disabled while one server is down: it is over there too when it is back', needsTwin, async (t) => {
    t.after(restart);
    const user = person(t);
    const session = await signedIn(portal, user, offline);
    await killed('onedoor-main');
    await seenOnTwin(user, session);
    restart();
    await healthy();
    await assertOver(session);
});

async function seenOnTwin(user, { access_token }) {
    disable(user);
    const began = performance.now();
    while (await isActive(access_token, { via: demo.twin_plain_url }, portal)) assert.ok(performance.now() - began < 1000);
}

test('disabled while every server is down: they hear of it when they are back', needsTwin, async (t) => {
    t.after(restart);
    const [user, other] = [person(t), person(t)];
    const session = await signedIn(portal, user, offline);
    const stays = await signedIn(portal, other, offline);
    await killed('onedoor-main');
    await killed('onedoor-twin');
    disable(user);
    restart();
    await healthy();
    await seenInTime('after the start', () => {}, introspected(session.access_token, inactive, portal));
    await assertOver(session);
    assert.equal(await isActive(stays.access_token, {}, portal), true);
});
