// One sign-in, many applications; and the words by which an application asks for more.
import assert from 'node:assert/strict';
import test from 'node:test';
import { authorization, callback, decode } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { apps, users } from '../lib/demo.mjs';
import { person } from '../lib/people.mjs';
import { enter, signedIn, signInAt, tokensFor } from '../lib/signin.mjs';
import { sleep } from '../lib/wait.mjs';

const { portal, backoffice } = apps;
const { citizen } = users;
const claimsOf = (tokens) => decode(tokens.id_token).payload;

test('a second application is entered without a form, in the same session', async (t) => {
    const user = person(t, { kind: 'staff', totp: true });
    const first = await signedIn(backoffice, user);
    const page = await first.browser.open(authorization(portal).url);
    assert.ok(page.left, 'no form');
    const second = await tokensFor(first.browser, portal, user);
    assert.equal(claimsOf(second).sid, claimsOf(first).sid);
    assert.equal(claimsOf(second).auth_time, claimsOf(first).auth_time);
    assert.equal(claimsOf(second).sub, claimsOf(first).sub);
});

test('prompt=none tells by an error what a person would have to do', async () => {
    const stranger = await new Browser().open(authorization(portal, { prompt: 'none' }).url);
    assert.equal(callback(stranger.left).error, 'login_required');
    const { browser } = await signedIn(portal, citizen);
    assert.ok(callback((await browser.open(authorization(portal, { prompt: 'none' }).url)).left).code);
    const weak = callback((await browser.open(authorization(backoffice, { prompt: 'none' }).url)).left);
    assert.ok(weak.error && !weak.code, JSON.stringify(weak));
});

test('prompt=login asks again, and the new ID token bears the new time', async () => {
    const { browser, ...first } = await signedIn(portal, citizen);
    await sleep(1100);
    const asked = authorization(portal, { prompt: 'login' });
    const page = await browser.open(asked.url);
    assert.ok(page.has('password'), 'the password is asked again');
    const again = await tokensFor(browser, portal, citizen, { prompt: 'login' });
    assert.ok(claimsOf(again).auth_time > claimsOf(first).auth_time);
    assert.equal(claimsOf(again).sub, claimsOf(first).sub);
});

test('max_age asks again only when the sign-in is older; auth_time is then always there', async () => {
    const { browser, ...first } = await signedIn(portal, citizen);
    const fresh = await browser.open(authorization(portal, { max_age: '1000' }).url);
    assert.ok(fresh.left, 'young enough');
    await sleep(2100);
    assert.ok((await browser.open(authorization(portal, { max_age: '1' }).url)).has('password'));
    const none = await browser.open(authorization(portal, { max_age: '1', prompt: 'none' }).url);
    assert.equal(callback(none.left).error, 'login_required');
    const again = await tokensFor(browser, portal, citizen, { max_age: '1' });
    assert.ok(claimsOf(again).auth_time > claimsOf(first).auth_time);
    assert.ok((await browser.open(authorization(portal, { max_age: '0' }).url)).has('password'), 'as prompt=login');
});

test('an unknown prompt, and none beside another, are refused', async () => {
    for (const prompt of ['none login', 'nonsense', 'login nonsense'])
        assert.equal(callback((await new Browser().open(authorization(portal, { prompt }).url)).left).error, 'invalid_request', prompt);
});

test('login_hint fills the name in, and nothing more', async () => {
    const page = await new Browser().open(authorization(portal, { login_hint: citizen.username }).url);
    assert.equal(page.formWith('username').fields.username, citizen.username);
    const { browser } = await signedIn(portal, citizen);
    const other = await browser.open(authorization(portal, { login_hint: users.citizen2.username }).url);
    assert.ok(other.left || other.has('username'));
});

test('id_token_hint of the signed-in person lets prompt=none pass, of another it does not', async () => {
    const mine = await signedIn(portal, citizen);
    const others = await signedIn(portal, users.citizen2);
    const passes = authorization(portal, { prompt: 'none', id_token_hint: mine.id_token });
    assert.ok(callback((await mine.browser.open(passes.url)).left).code);
    const fails = authorization(portal, { prompt: 'none', id_token_hint: others.id_token });
    assert.equal(callback((await mine.browser.open(fails.url)).left).error, 'login_required');
});

test('ui_locales choose the language before Accept-Language does', async () => {
    const textOf = async (language, ui_locales) =>
        (await new Browser({ language }).open(authorization(portal, { ui_locales }).url)).dom.querySelector('html').getAttribute('lang');
    assert.equal(await textOf('en', undefined), 'en');
    assert.match(await textOf('zh-CN,zh;q=0.9', undefined), /^zh/);
    assert.match(await textOf('en', 'zh-CN'), /^zh/);
    assert.equal(await textOf('zh-CN', 'fr en'), 'en');
    assert.match(await textOf('fr', undefined), /^zh/, 'the language of the place');
});

test('no refresh token of an ended session, and no session of an ended browser', async () => {
    const { browser } = await signedIn(portal, citizen);
    const stranger = new Browser();
    assert.ok((await stranger.open(authorization(portal).url)).has('username'), 'another browser knows nothing');
    assert.ok((await browser.open(authorization(portal).url)).left);
});

test('two sign-ins begun side by side in one browser both end well', async () => {
    const browser = new Browser();
    const [one, two] = [authorization(portal), authorization(portal)];
    const first = await browser.open(one.url);
    const second = await browser.open(two.url);
    assert.ok(callback((await signInAt(browser, second, citizen)).left).code);
    const late = await browser.open(first.url);
    const end = late.left ? late : await signInAt(browser, late, citizen);
    assert.equal(callback(end.left).state, one.state);
    assert.ok(callback(end.left).code);
});

test('an application post to /authorize works like a visit', async () => {
    const asked = authorization(portal);
    const page = await new Browser().open(asked.url.split('?')[0], {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://localhost:9443', 'sec-fetch-site': 'cross-site' },
        body: asked.url.split('?')[1],
    });
    assert.ok(page.has('username'), page.visible);
});

test('the same person by name, by mail or by phone', async (t) => {
    const user = person(t, { mail: 'by.mail@city.example', mobile: '+86 138 0000 7777' });
    const subs = new Set();
    for (const username of [user.username, 'by.mail@city.example', '+86 138 0000 7777'])
        subs.add(claimsOf(await signedIn(portal, { ...user, username })).sub);
    assert.deepEqual([...subs], [user.username]);
    const { returned } = await enter(new Browser(), portal, user);
    assert.ok(returned.code);
});
