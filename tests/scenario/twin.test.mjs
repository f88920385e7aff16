// Two servers over the same stores are one.
import assert from 'node:assert/strict';
import test from 'node:test';
import { authorization, callback, isActive, redeem, refresh, revoke } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { apps, demo, users } from '../lib/demo.mjs';
import { get } from '../lib/http.mjs';
import { person } from '../lib/people.mjs';
import { healthy, isRunning, killed, restart } from '../lib/processes.mjs';
import { enter, enterCode, signedIn } from '../lib/signin.mjs';

const twin = demo.twin_plain_url;
const there = { via: twin };
const forRecords = { redeem: { resource: apps.resource.resource } };
const needsTwin = { skip: twin ? false : 'the demo runs without --twin' };

test('a session of one server opens applications at the other', needsTwin, async () => {
    const { browser } = await signedIn(apps.portal, users.citizen);
    assert.ok((await browser.by(twin).open(authorization(apps.portal).url)).left);
});

test('each step of one sign-in at another server', needsTwin, async (t) => {
    const user = person(t, { kind: 'staff', totp: true });
    const here = new Browser();
    const other = here.by(twin);
    const asked = authorization(apps.backoffice);
    const first = await here.open(asked.url);
    const second = await other.submit(first, { username: user.username, password: user.password });
    const end = await enterCode(here, second, user);
    assert.equal((await redeem(asked, callback(end.left).code, {}, there)).status, 200);
});

test('a code is redeemed once over both', needsTwin, async () => {
    const { asked, returned } = await enter(new Browser(), apps.portal, users.citizen);
    const answers = await Promise.all([0, 1, 2, 3, 4, 5].map((i) => redeem(asked, returned.code, {}, i % 2 ? there : {})));
    assert.equal(answers.filter((a) => a.status === 200).length, 1);
});

test('revoked here, introspected there at once: inactive', needsTwin, async () => {
    const { access_token, refresh_token } = await signedIn(apps.portal, users.citizen, forRecords);
    assert.equal(await isActive(access_token, there), true);
    await revoke(apps.portal, access_token);
    assert.equal(await isActive(access_token, there), false);
    await revoke(apps.portal, refresh_token, there);
    assert.equal((await refresh(apps.portal, refresh_token)).json().error, 'invalid_grant');
});

test('signed out here: over there, too', needsTwin, async () => {
    const { browser, id_token, access_token } = await signedIn(apps.portal, users.citizen, forRecords);
    await browser.open(`/logout?id_token_hint=${id_token}`);
    assert.ok((await browser.by(twin).open(authorization(apps.portal).url)).has('username'));
    assert.equal(await isActive(access_token, there), false);
});

test('one server is killed: its sessions, codes and tokens live on in the other, and in itself when it is back', needsTwin, async (t) => {
    const { browser, access_token, refresh_token } = await signedIn(apps.portal, users.citizen, forRecords);
    const { asked, returned } = await enter(browser, apps.portal, users.citizen);
    t.after(restart);
    await killed('onedoor-main');
    assert.ok(isRunning('onedoor-twin'));
    assert.ok((await browser.by(twin).open(authorization(apps.portal).url)).left);
    assert.equal((await redeem(asked, returned.code, {}, there)).status, 200);
    assert.equal(await isActive(access_token, there), true);
    restart();
    await healthy();
    assert.ok((await browser.open(authorization(apps.portal).url)).left);
    assert.equal(await isActive(access_token), true);
    assert.equal((await redeem(asked, returned.code)).json().error, 'invalid_grant', 'the code stays spent');
    assert.equal((await refresh(apps.portal, refresh_token)).status, 200);
});

test('both say the same of themselves', needsTwin, async () => {
    const [one, two] = [await get('/.well-known/openid-configuration'), await get('/.well-known/openid-configuration', there)];
    assert.equal(one.text, two.text);
});
