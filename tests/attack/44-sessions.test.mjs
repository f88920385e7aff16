import assert from 'node:assert/strict';
import test from 'node:test';
import { authorization } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { apps, issuer, users } from '../lib/demo.mjs';
import { get, request } from '../lib/http.mjs';
import { enrol, person } from '../lib/people.mjs';
import { signedIn, signInAt, tokensFor } from '../lib/signin.mjs';

const { portal, spa } = apps;
const SESSION = '__Host-onedoor-session';

test('attack 44: a preset session cookie is replaced by a new id at sign-in', async () => {
    const browser = new Browser();
    await browser.setCookie(SESSION, 'A'.repeat(43));
    await signInAt(browser, await browser.open(authorization(portal).url), users.citizen);
    const mine = await browser.cookie(SESSION);
    assert.ok(mine && mine !== 'A'.repeat(43));
    const attacker = new Browser();
    await attacker.setCookie(SESSION, 'A'.repeat(43));
    assert.ok((await attacker.open(authorization(portal).url)).has('username'), 'the preset value opens nothing');
});

test('attack 44: signing in again, or higher, gives a new id, and the old one is dead', async (t) => {
    const user = person(t, { kind: 'staff' });
    const { browser } = await signedIn(portal, user);
    enrol(user);
    const old = await browser.cookie(SESSION);
    await tokensFor(browser, portal, user, { acr_values: 'substantial' });
    const raised = await browser.cookie(SESSION);
    assert.notEqual(raised, old);
    const page = await browser.open(authorization(portal, { prompt: 'login' }).url);
    assert.ok(page.has('username'));
    await signInAt(browser, page, user);
    const fresh = await browser.cookie(SESSION);
    assert.ok(![old, raised].includes(fresh));
    for (const stolen of [old, raised]) {
        const thief = new Browser();
        await thief.setCookie(SESSION, stolen);
        assert.ok((await thief.open('/')).has('username'));
    }
});

test('attack 44: a session of another person in this browser is replaced, not mixed', async () => {
    const { browser } = await signedIn(portal, users.citizen);
    const page = await browser.open(authorization(portal, { prompt: 'login' }).url);
    await signInAt(browser, page, users.citizen2);
    const account = await browser.open('/account');
    assert.ok(!account.visible.includes(users.citizen.username));
});

test('attack 44: every cookie is __Host-, Secure, HttpOnly, SameSite, for the whole site', async () => {
    const lines = new Set();
    const browser = new Browser();
    const send = browser.send.bind(browser);
    browser.send = async (...args) => {
        const answer = await send(...args);
        answer.cookies.forEach((line) => lines.add(line));
        return answer;
    };
    await signInAt(browser, await browser.open(authorization(portal).url), users.citizen);
    await browser.open('/language?set=en&back=/');
    assert.ok(lines.size >= 3);
    for (const line of lines) {
        assert.match(line, /^__Host-/);
        for (const attribute of [/; *Secure/i, /; *HttpOnly/i, /; *SameSite=(Lax|Strict)/i, /; *Path=\/(;|$)/i]) assert.match(line, attribute);
        assert.doesNotMatch(line, /; *Domain/i);
    }
});

test('attack 44: two cookies of one name are refused', async () => {
    const { browser } = await signedIn(portal, users.citizen);
    const value = await browser.cookie(SESSION);
    for (const cookie of [`${SESSION}=${value}; ${SESSION}=${'A'.repeat(43)}`, `${SESSION}=${'A'.repeat(43)}; ${SESSION}=${value}`, `${SESSION}=${value}; ${SESSION}=${value}`]) {
        const answer = await get('/', { headers: { cookie } });
        assert.equal(answer.status, 400, cookie.slice(0, 60));
    }
    const lines = await request(`${issuer}/`, { headers: { cookie: [`${SESSION}=${value}`, `${SESSION}=x`] } });
    assert.equal(lines.status, 400);
});

test('attack 44: a session cookie is taken as a whole, or not at all', async () => {
    const { browser } = await signedIn(portal, users.citizen);
    const cookie = await browser.cookie(SESSION);
    for (const altered of [`${cookie}A`, cookie.slice(0, -1), cookie.toLowerCase(), 'x', `"${cookie}"`, cookie.repeat(2)]) {
        const other = new Browser();
        await other.setCookie(SESSION, altered);
        const page = await other.open(authorization(portal).url);
        assert.ok(!page.left, altered);
    }
});

const crossSite = [{ origin: 'https://evil.example' }, { origin: 'null' }, { origin: `${issuer}.evil.example` }, { origin: issuer.replace('https', 'http') },
    { 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, { origin: `${issuer}, https://evil.example` }];

test('attack 45: a sign-in posted from another site is refused, right password or not', async () => {
    for (const headers of crossSite) {
        const browser = new Browser();
        const page = await browser.open(authorization(portal).url);
        const answer = await browser.post(page, { username: users.citizen.username, password: users.citizen.password }, { headers });
        assert.ok(answer.status >= 400, JSON.stringify(headers));
        assert.equal(await browser.cookie(SESSION), undefined, JSON.stringify(headers));
    }
});

test('attack 45: a post without the form\'s token, or with another\'s, is refused', async () => {
    const other = new Browser();
    const foreign = (await other.open(authorization(portal).url)).formWith('username').fields;
    for (const csrf of ['', 'x', foreign.csrf, undefined]) {
        const browser = new Browser();
        const page = await browser.open(authorization(portal).url);
        const fields = { username: users.citizen.username, password: users.citizen.password, csrf };
        assert.ok(page.formWith('username').fields.csrf, 'there is a token in the form');
        const answer = await browser.post(page, fields);
        assert.ok(answer.status >= 400 || !answer.location, String(csrf));
        assert.equal(await browser.cookie(SESSION), undefined, String(csrf));
    }
});

test('attack 45: consent and account forms are guarded, too', async (t) => {
    const browser = new Browser();
    const page = await signInAt(browser, await browser.open(authorization(spa).url), person(t));
    assert.ok(page.has('decision'));
    for (const headers of crossSite) {
        const answer = await browser.post(page, {}, { headers, form: page.formWith('decision'), button: { decision: 'allow' } });
        assert.ok(answer.status >= 400, JSON.stringify(headers));
    }
    const answer = await browser.post(page, { csrf: 'x' }, { form: page.formWith('decision'), button: { decision: 'allow' } });
    assert.ok(answer.status >= 400);
    const out = await browser.open('/logout');
    const press = out.forms.find((f) => f.method === 'post' && /logout/.test(f.action || out.url));
    await browser.post(out, {}, { form: press, headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' } });
    assert.ok(!(await browser.open('/')).has('username'), 'nobody is signed out from afar');
});

test('attack 45: pages cannot be framed and run no script of theirs', async () => {
    const pages = [await new Browser().open(authorization(portal).url), await get('/nowhere', { headers: { accept: 'text/html' } })];
    for (const page of pages) {
        const csp = page.headers['content-security-policy'];
        assert.match(csp, /frame-ancestors 'none'/);
        assert.match(csp, /(default-src|script-src) '(none|self)'/);
        assert.doesNotMatch(csp, /unsafe|\*/);
        assert.match(csp, /base-uri 'none'/);
        assert.match(csp, /form-action/);
        assert.doesNotMatch(page.text, /<script(?![^>]*src=)|\son\w+=|style="/i);
    }
});
