// openid-client plays the back office, which asks for two factors, for staff only.
import assert from 'node:assert/strict';
import test from 'node:test';
import { addApp } from '../lib/cli.mjs';
import { ask, client, discover, enterAs } from '../lib/party.mjs';
import { Browser } from '../lib/browser.mjs';
import { apps, users } from '../lib/demo.mjs';
import { enrol, person } from '../lib/people.mjs';
import { enterCode, signInAt } from '../lib/signin.mjs';
import { freshCode } from '../lib/totp.mjs';

const { backoffice, portal } = apps;

test('the staff member of the demo signs in with password and one-time code', async () => {
    const { config, tokens } = await enterAs(backoffice, users.staff, { parameters: { scope: 'openid profile organisation groups' } });
    const claims = tokens.claims();
    assert.equal(claims.acr, 'substantial');
    assert.deepEqual([...claims.amr].sort(), ['otp', 'pwd']);
    const info = await client.fetchUserInfo(config, tokens.access_token, claims.sub);
    assert.ok(info.name);
});

test('a session of one factor is raised by the code alone, and keeps working elsewhere', async (t) => {
    const user = person(t, { kind: 'staff' });
    const { browser, tokens } = await enterAs(portal, user);
    assert.equal(tokens.claims().acr, 'low');
    enrol(user);
    const config = await discover(backoffice);
    const { url, checks } = await ask(config, backoffice);
    const page = await browser.open(url);
    assert.ok(page.has('otp') && !page.has('password'), 'only the second factor is missing');
    const back = await enterCode(browser, page, user);
    const raised = await client.authorizationCodeGrant(config, back.left, checks);
    assert.equal(raised.claims().acr, 'substantial');
    const again = await browser.open((await ask(await discover(portal), portal)).url);
    assert.ok(again.left, 'the portal finds the raised session');
});

test('acr_values raises any application\'s request, and an unknown word is no obstacle', async (t) => {
    const user = person(t, { kind: 'staff', totp: true });
    const { tokens } = await enterAs(portal, user, { parameters: { acr_values: 'substantial' } });
    assert.equal(tokens.claims().acr, 'substantial');
    const browser = new Browser();
    const config = await discover(portal);
    const page = await browser.open((await ask(config, portal, { acr_values: 'urn:unknown' })).url);
    assert.ok(page.has('username') || page.left?.searchParams.get('error'), page.visible);
});

test('an application that asks for more than anybody can prove gets no code', async (t) => {
    const user = person(t, { kind: 'staff', totp: true });
    const redirect = 'https://localhost:9443/high/callback';
    const app = await addApp(t, {
        method: 'client_secret_basic', acr: 'high', grant: 'authorization_code', scope: ['openid', 'profile'],
        'redirect-uri': redirect,
    });
    const browser = new Browser();
    let page = await browser.open((await ask(await discover(app), app)).url);
    if (!page.left && page.has('username')) page = await signInAt(browser, page, user);
    assert.equal(page.left?.searchParams.get('code') ?? null, null);
    if (page.left) assert.ok(page.left.searchParams.get('error'));
});

test('a citizen is told that this application is not for them', async () => {
    const config = await discover(backoffice);
    const browser = new Browser();
    const { url } = await ask(config, backoffice);
    const { citizen } = users;
    const page = await browser.submit(await browser.open(url), { username: citizen.username, password: citizen.password });
    assert.ok(!page.left?.searchParams.get('code'), 'no code for a citizen');
    if (page.left) assert.equal(page.left.searchParams.get('error'), 'access_denied');
});

test('a wrong code keeps the person at the code, and the right one then goes through', async (t) => {
    const user = person(t, { kind: 'staff', totp: true });
    const config = await discover(backoffice);
    const browser = new Browser();
    const { url, checks } = await ask(config, backoffice);
    let page = await browser.submit(await browser.open(url), { username: user.username, password: user.password });
    page = await browser.submit(page, { otp: '000000' });
    assert.ok(page.has('otp') && !page.left);
    page = await enterCode(browser, page, user);
    assert.equal((await client.authorizationCodeGrant(config, page.left, checks)).claims().acr, 'substantial');
});

test('a code may be typed with spaces and dashes', async (t) => {
    const user = person(t, { kind: 'staff', totp: true });
    const browser = new Browser();
    const { url } = await ask(await discover(backoffice), backoffice);
    const page = await browser.submit(await browser.open(url), { username: user.username, password: user.password });
    const code = await freshCode(user.totp_secret);
    assert.ok((await browser.submit(page, { otp: ` ${code.slice(0, 3)}-${code.slice(3)} ` })).left);
});

test('a lost phone: a recovery code does instead, once', async (t) => {
    const user = person(t, { kind: 'staff', totp: true });
    assert.equal(user.recovery_codes.length, 10);
    const config = await discover(backoffice);
    const useCode = async (code) => {
        const browser = new Browser();
        const { url, checks } = await ask(config, backoffice);
        const page = await browser.submit(await browser.open(url), { username: user.username, password: user.password });
        const link = page.dom.querySelector('a[href*="/signin/recovery"]').getAttribute('href');
        const recovery = await browser.open(new URL(link.replaceAll('&amp;', '&'), page.url));
        const field = recovery.forms.flatMap((f) => [...f.names]).find((n) => /recovery|otp|code/.test(n));
        const end = await browser.submit(recovery, { [field]: code });
        return { end, checks };
    };
    const { end, checks } = await useCode(user.recovery_codes[3]);
    assert.ok(end.left, end.visible);
    assert.equal((await client.authorizationCodeGrant(config, end.left, checks)).claims().acr, 'substantial');
    assert.ok(!(await useCode(user.recovery_codes[3])).end.left, 'spent');
    assert.ok((await useCode(user.recovery_codes[4])).end.left, 'the others stay good');
});
