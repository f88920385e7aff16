// Whoever was disabled, however hard they try at that very moment and afterwards: what they had never works again.
import assert from 'node:assert/strict';
import test from 'node:test';
import { authorization, callback, introspect, isActive, redeem, refresh } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { addApp } from '../lib/cli.mjs';
import { apps } from '../lib/demo.mjs';
import { everywhere } from '../lib/everywhere.mjs';
import { get } from '../lib/http.mjs';
import * as ldap from '../lib/ldap.mjs';
import { disable, person } from '../lib/people.mjs';
import { enter, signedIn } from '../lib/signin.mjs';
import { sleep } from '../lib/wait.mjs';

const { portal } = apps;
const offline = { ask: { scope: 'openid profile offline_access' } };
const enable = (user) => ldap.replace(user.dn, 'pwdAccountLockedTime', undefined);
const at = (i) => everywhere[i % everywhere.length];

// The second in which they may still get something.
const promised = () => sleep(1000);

test('attack 52: tokens, codes and refreshing under way: nothing from before is good a second later, or ever', async (t) => {
    const user = person(t);
    const opaque = await addApp(t, {
        method: 'client_secret_basic', grant: ['authorization_code', 'refresh_token'], scope: ['openid', 'profile', 'offline_access'],
        'redirect-uri': 'https://localhost:9443/opaque/callback', 'token-format': 'opaque',
    });
    const held = [
        { app: portal, ...(await signedIn(portal, user)) },
        { app: portal, ...(await signedIn(portal, user, offline)) },
        { app: opaque, ...(await signedIn(opaque, user, offline)) },
    ];
    const { asked, returned } = await enter(held[0].browser, portal, user);
    for (const { app, access_token } of held) assert.equal(await isActive(access_token, {}, app), true);

    // They keep refreshing on both servers while the account is being disabled; whatever comes of it counts, too.
    let stop = false;
    const got = [];
    const refreshing = held.map(async (h, i) => {
        for (let token = h.refresh_token, n = 0; !stop && token; n++) {
            const answer = await refresh(h.app, token, {}, { via: at(i + n) });
            if (answer.status !== 200) return;
            got.push({ app: h.app, ...answer.json() });
            token = answer.json().refresh_token;
        }
    });
    await sleep(100);
    disable(user);
    await promised();
    stop = true;
    await Promise.all(refreshing);
    assert.ok(got.length > 0, 'they got something before');

    const all = [...held, ...got];
    const nothingHolds = async (when) => {
        for (const [i, { app, access_token, refresh_token }] of all.entries()) {
            assert.equal(await isActive(access_token, { via: at(i) }, app), false, `${when}: access token ${i}`);
            assert.equal((await introspect(refresh_token, { via: at(i + 1) }, app)).json().active, false, `${when}: refresh token ${i}`);
            const info = await get('/userinfo', { via: at(i), headers: { authorization: `Bearer ${access_token}` } });
            assert.equal(info.status, 401, `${when}: userinfo ${i}`);
        }
        for (const { browser } of held) assert.ok((await browser.open(authorization(portal).url)).has('username'), `${when}: a session`);
    };
    await nothingHolds('disabled');
    assert.equal((await redeem(asked, returned.code)).json().error, 'invalid_grant', 'a code that was held back');
    enable(user);
    await nothingHolds('just enabled');
    await promised();
    await nothingHolds('enabled');
    for (const { app, refresh_token } of all) assert.equal((await refresh(app, refresh_token)).json().error, 'invalid_grant');
});

test('attack 52: twenty sign-ins at the moment of the disabling leave nobody signed in', async (t) => {
    const user = person(t);
    const doors = await Promise.all(Array.from({ length: 20 }, async (_, i) => {
        const browser = new Browser({ source: `127.5.2.${i + 1}`, via: at(i) });
        return { browser, asked: authorization(portal), i };
    }));
    for (const door of doors) door.page = await door.browser.open(door.asked.url);
    const tries = doors.map(async (door) => {
        await sleep(door.i * 15);
        return { ...door, end: await door.browser.submit(door.page, { username: user.username, password: user.password }) };
    });
    await sleep(120);
    disable(user);
    const ended = await Promise.all(tries);
    const codes = ended.filter(({ end }) => end.left).map(({ asked, end }) => ({ asked, code: callback(end.left).code }));
    await promised();
    for (const { asked, code } of codes) if (code) assert.equal((await redeem(asked, code)).json().error, 'invalid_grant');
    for (const { browser } of ended) assert.ok((await browser.open(authorization(portal).url)).has('username'));
});

test('attack 52: an old name given to somebody else is no key to what they have', async (t) => {
    const user = person(t, { leaves: true });
    const before = await signedIn(portal, user, offline);
    ldap.run('ldapmodrdn', ['-r', user.dn, `uid=${user.username}-new`]);
    t.after(() => ldap.remove(user.dn.replace(user.username, `${user.username}-new`)));
    await promised();
    const heir = person(t, { uid: user.username });
    assert.equal(await isActive(before.access_token, {}, portal), false);
    assert.equal((await refresh(portal, before.refresh_token)).json().error, 'invalid_grant');
    assert.ok((await before.browser.open(authorization(portal).url)).has('username'));
    const theirs = await signedIn(portal, heir);
    assert.equal(await isActive(theirs.access_token, {}, portal), true);
});
