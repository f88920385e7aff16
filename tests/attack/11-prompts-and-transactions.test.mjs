import assert from 'node:assert/strict';
import test from 'node:test';
import { authorization, callback, decode, redeem } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { apps, httpsRedirect, users } from '../lib/demo.mjs';
import { person } from '../lib/people.mjs';
import { allow, signedIn, signInAt } from '../lib/signin.mjs';
import { sleep } from '../lib/wait.mjs';

const { portal, spa, backoffice } = apps;
const { citizen, citizen2 } = users;
const transactionOf = (page) => new URL(page.url).searchParams.get('t');

test('attack 11: prompt=none without a session is login_required', async () => {
    assert.equal(callback((await new Browser().open(authorization(portal, { prompt: 'none' }).url)).left).error, 'login_required');
    const forged = new Browser();
    await forged.setCookie('__Host-onedoor-session', 'A'.repeat(43));
    assert.equal(callback((await forged.open(authorization(portal, { prompt: 'none' }).url)).left).error, 'login_required');
});

test('attack 11: prompt=login cannot be walked around by going on to resume', async () => {
    const { browser } = await signedIn(portal, citizen);
    for (const changes of [{ prompt: 'login' }, { max_age: '0' }]) {
        const page = await browser.open(authorization(portal, changes).url);
        const id = transactionOf(page);
        const resumed = await browser.open(`/authorize/resume?t=${id}`);
        assert.ok(!resumed.left || !callback(resumed.left).code, JSON.stringify(changes));
        const again = await browser.open(`/signin?t=${id}`);
        assert.ok(!again.left, 'nor by coming back to the page');
    }
});

test('attack 11: the new sign-in has a new auth_time', async () => {
    const { browser, id_token } = await signedIn(portal, citizen);
    await sleep(1100);
    const asked = authorization(portal, { prompt: 'login' });
    const page = await signInAt(browser, await browser.open(asked.url), citizen);
    const renewed = decode((await redeem(asked, callback(page.left).code)).json().id_token).payload;
    assert.ok(renewed.auth_time > decode(id_token).payload.auth_time);
    assert.ok(Date.now() / 1000 - renewed.auth_time < 10);
});

test('attack 12: what is sent with a later step changes nothing', async (t) => {
    const user = person(t);
    const browser = new Browser();
    const asked = authorization(spa, { scope: 'openid' });
    const changed = { client_id: 'portal', scope: 'openid profile email', redirect_uri: httpsRedirect(portal), state: 'evil',
        response_type: 'token', code_challenge: 'x', acr_values: 'low', return_to: 'https://evil.example/' };
    const first = await browser.open(asked.url);
    const second = await browser.open(`${first.url}&${new URLSearchParams(changed)}`);
    const consent = await browser.submit(second.has('username') ? second : first, { ...changed, username: user.username, password: user.password },
        { form: first.formWith('username') });
    const page = consent.has('decision') ? consent : await browser.open(`/consent?t=${transactionOf(first)}`);
    const back = await browser.submit(page, changed, allow(page));
    assert.equal(`${back.left.origin}${back.left.pathname}`, asked.redirect_uri);
    assert.equal(callback(back.left).state, asked.state);
    const tokens = (await redeem(asked, callback(back.left).code)).json();
    assert.equal(tokens.scope ?? 'openid', 'openid');
    assert.equal(decode(tokens.id_token).payload.aud, spa.client_id);
    assert.equal(decode(tokens.id_token).payload.name, undefined);
});

test('attack 12: the level asked for is the stored one', async (t) => {
    const user = person(t, { kind: 'staff', totp: true });
    const browser = new Browser();
    const page = await browser.open(authorization(backoffice).url);
    const otp = await browser.submit(page, { username: user.username, password: user.password });
    assert.ok(otp.has('otp'));
    const resumed = await browser.open(`/authorize/resume?t=${transactionOf(page)}&acr_values=low`);
    assert.ok(!resumed.left);
});

test('attack 13: a sign-in begun in the attacker\'s browser is refused in the victim\'s', async () => {
    const attacker = new Browser();
    const page = await attacker.open(authorization(portal).url);
    const victim = new Browser();
    const opened = await victim.open(page.url);
    assert.ok(opened.status >= 400 && !opened.has('password'), `${opened.status} ${opened.visible}`);
    const posted = await victim.post(page, { username: citizen.username, password: citizen.password });
    assert.ok(posted.status >= 400, String(posted.status));
    assert.equal(await victim.cookie('__Host-onedoor-session'), undefined);
    for (const path of ['/signin/otp', '/signin/enrol', '/signin/recovery', '/consent', '/authorize/resume']) {
        const tried = await victim.open(`${path}?t=${transactionOf(page)}`);
        assert.ok(tried.status >= 400 && !tried.left, path);
    }
    const signed = await signedIn(portal, citizen2);
    assert.ok((await signed.browser.open(page.url)).status >= 400, 'a signed-in victim as well');
});

test('attack 13: the attacker gets nothing of what the victim does', async () => {
    const attacker = new Browser();
    const page = await attacker.open(authorization(portal).url);
    await signedIn(portal, citizen);
    const resumed = await attacker.open(`/authorize/resume?t=${transactionOf(page)}`);
    assert.ok(!resumed.left);
});

test('attack 13: a transaction that never was, or is over, is an error page', async () => {
    const browser = new Browser();
    const page = await browser.open(authorization(portal).url);
    const done = await signInAt(browser, page, citizen);
    assert.ok(callback(done.left).code);
    const again = await browser.open(`/authorize/resume?t=${transactionOf(page)}`);
    assert.ok(!again.left || !callback(again.left).code, 'one transaction gives one code');
    for (const t of ['', 'A'.repeat(43), '../../x', 'x'.repeat(3000), '%00'])
        assert.ok((await browser.send(`/signin?t=${t}`)).status >= 400, t);
});

test('attack 14: the id_token_hint of somebody else is login_required, a forged one no better', async () => {
    const mine = await signedIn(portal, citizen);
    const other = await signedIn(portal, citizen2);
    const hint = (id_token_hint) => authorization(portal, { prompt: 'none', id_token_hint });
    const [head, body, signature] = mine.id_token.split('.');
    const altered = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(body, 'base64url')), sub: 'x' })).toString('base64url');
    const errors = {};
    for (const [name, token] of Object.entries({ other: other.id_token, altered: `${head}.${altered}.${signature}`, access: mine.access_token, junk: 'x.y.z' }))
        errors[name] = callback((await mine.browser.open(hint(token).url)).left).error;
    assert.equal(errors.other, 'login_required');
    for (const name of ['altered', 'access', 'junk']) assert.ok(['login_required', 'invalid_request'].includes(errors[name]), name);
    const visible = await mine.browser.open(authorization(portal, { id_token_hint: other.id_token }).url);
    assert.ok(visible.has('password') || callback(visible.left ?? 'x:').error === 'login_required', 'with a form: sign in as that person');
});
