// Onedoor's own pages: the portal, the account, the languages.
import assert from 'node:assert/strict';
import test from 'node:test';
import { authorization } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { apps, users } from '../lib/demo.mjs';
import { get } from '../lib/http.mjs';
import { person } from '../lib/people.mjs';
import { allow, signedIn, signInAt } from '../lib/signin.mjs';

const { citizen } = users;

test('the portal asks who is there, then lists what this person may open', async (t) => {
    const browser = new Browser();
    const page = await signInAt(browser, await browser.open('/'), citizen);
    assert.equal(page.status, 200);
    assert.match(page.visible, /Citizen Portal/);
    assert.match(page.visible, /Appointment Booking/);
    assert.doesNotMatch(page.visible, /Case Handling/, 'that is for staff');
    const staff = person(t, { kind: 'staff' });
    const other = new Browser();
    assert.match((await signInAt(other, await other.open('/'), staff)).visible, /Case Handling/);
});

test('a portal session is the session of the applications', async () => {
    const browser = new Browser();
    await signInAt(browser, await browser.open('/'), citizen);
    assert.ok((await browser.open(authorization(apps.portal).url)).left);
});

test('the language is switched by a visible link and stays', async () => {
    const browser = new Browser();
    const page = await browser.open(authorization(apps.portal).url);
    assert.match(page.visible, /Sample City/);
    const link = page.dom.querySelectorAll('a').map((a) => a.getAttribute('href')).find((h) => h?.startsWith('/language'));
    const after = await browser.open(new URL(link.replaceAll('&amp;', '&'), page.url));
    assert.match(after.visible, /样例市/);
    assert.ok(after.has('username'), 'still at the sign-in');
    assert.match((await browser.open(authorization(apps.portal).url)).visible, /样例市/);
});

test('the account page shows consents, and takes one back', async (t) => {
    const user = person(t);
    const { browser } = await signedIn(apps.spa, user);
    const account = await browser.open('/account');
    assert.match(account.visible, /Appointment Booking/);
    const withdrawal = account.forms.find((f) => f.method === 'post' && Object.values(f.fields).includes(apps.spa.client_id));
    assert.ok(withdrawal, account.visible);
    const done = await browser.submit(account, {}, { form: withdrawal });
    assert.doesNotMatch(done.visible.replace(/.*message/, ''), /Not allowed/);
    const asks = await browser.open(authorization(apps.spa).url);
    assert.ok(asks.has('decision'), 'consent is asked again');
    assert.ok((await browser.submit(asks, {}, allow(asks))).left);
});

test('before signing in, the page says which application asks, and for what', async () => {
    const page = await new Browser().open(authorization(apps.portal, { scope: 'openid profile email' }).url);
    assert.match(page.visible, /Citizen Portal/);
    const zh = await new Browser({ language: 'zh-CN' }).open(authorization(apps.portal).url);
    assert.match(zh.visible, /市民门户/);
});

test('every page carries its protection', async () => {
    for (const path of ['/signin', '/', '/account', '/logout', '/nowhere', '/static/nothing']) {
        const { headers } = await get(path, { headers: { accept: 'text/html' } });
        const where = `${path}: ${JSON.stringify(headers)}`;
        assert.match(headers['content-security-policy'] ?? '', /frame-ancestors 'none'/, where);
        assert.doesNotMatch(headers['content-security-policy'], /unsafe/, where);
        assert.equal(headers['x-content-type-options'], 'nosniff', where);
        assert.ok(headers['referrer-policy'], where);
        assert.match(headers['strict-transport-security'] ?? '', /max-age=\d{7,}/, where);
    }
});

test('static files are there, cacheable, and nothing else is under their path', async () => {
    const named = [...(await new Browser().open(authorization(apps.portal).url)).text.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map((m) => m[1]);
    assert.ok(named.length > 0);
    for (const path of named) {
        const answer = await get(path);
        assert.equal(answer.status, 200, path);
        assert.match(answer.headers['cache-control'], /max-age=/, path);
    }
    for (const path of ['/static/', '/static/x.css', '/static//'])
        assert.equal((await get(path)).status, 404, path);
});

test('HEAD answers as GET does, without the body', async () => {
    for (const path of ['/jwks', '/.well-known/openid-configuration']) {
        const [head, full] = [await get(path, { method: 'HEAD' }), await get(path)];
        assert.equal(head.status, 200);
        assert.equal(head.text, '');
        assert.equal(head.headers['content-length'], full.headers['content-length']);
    }
});
