// A citizen without a second factor opens an application that needs one: enrolment in the browser.
import assert from 'node:assert/strict';
import test from 'node:test';
import { authorization, callback, decode, redeem } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { addApp, must, onedoor } from '../lib/cli.mjs';
import { apps } from '../lib/demo.mjs';
import { person } from '../lib/people.mjs';
import { enterCode, signedIn } from '../lib/signin.mjs';
import { codeOfStep, freshCode, stepNow } from '../lib/totp.mjs';

const strongApp = (t) =>
    addApp(t, {
        method: 'client_secret_basic', acr: 'substantial', 'person-kind': 'citizen', grant: 'authorization_code',
        scope: ['openid', 'profile'], 'redirect-uri': 'https://localhost:9443/strong/callback',
    }, 'strong');

// To the page that shows the seed.
async function toEnrolment(browser, app, user) {
    const asked = authorization(app);
    const page = await browser.submit(await browser.open(asked.url), { username: user.username, password: user.password });
    assert.match(page.url, /\/signin\/enrol/, page.visible);
    return { asked, page };
}

const secretOn = (page) => /\b(?:[A-Z2-7]{4}[ \u00a0]){7}[A-Z2-7]{4}\b/.exec(page.visible)?.[0].replace(/[^A-Z2-7]/g, '');

test('the seed is shown as text and as a QR code; the first code enrols and signs in', async (t) => {
    const app = await strongApp(t);
    const user = person(t);
    const browser = new Browser();
    const { asked, page } = await toEnrolment(browser, app, user);
    user.totp_secret = secretOn(page);
    assert.ok(user.totp_secret, page.visible);
    assert.match(page.dom.querySelector('img').getAttribute('src'), /^(data:image\/svg|\/)/);
    assert.equal(secretOn(await browser.open(page.url)), user.totp_secret, 'a reload shows the same seed');

    const codes = await browser.submit(page, { otp: await freshCode(user.totp_secret) });
    const shown = [...codes.visible.matchAll(/\b[A-Za-z0-9]{4,5}(?:-[A-Za-z0-9]{4,5}){1,3}\b/g)].map((m) => m[0]);
    assert.equal(new Set(shown).size, 10, codes.visible);
    const onward = codes.dom.querySelectorAll('a').map((a) => a.getAttribute('href')).find((h) => /authorize\/resume/.test(h));
    const end = await browser.open(new URL(onward.replaceAll('&amp;', '&'), codes.url));
    const tokens = (await redeem(asked, callback(end.left).code)).json();
    assert.equal(decode(tokens.id_token).payload.acr, 'substantial');

    assert.match(must('account', 'show', user.username), /second-factor=totp\nrecovery-codes-left=10/);
    const next = new Browser();
    const asksCode = await next.submit(await next.open(authorization(app).url), { username: user.username, password: user.password });
    assert.ok(asksCode.has('otp') && !secretOn(asksCode), 'from now on only the code is asked');
    assert.ok((await enterCode(next, asksCode, user)).left);
});

test('a wrong first code enrols nothing', async (t) => {
    const app = await strongApp(t);
    const user = person(t);
    const browser = new Browser();
    const { page } = await toEnrolment(browser, app, user);
    const seed = secretOn(page);
    for (const otp of ['', '123', codeOfStep(seed, stepNow() + 30)]) {
        const again = await browser.submit(page, { otp });
        assert.ok(!again.left && again.has('otp'), otp);
    }
    assert.match(must('account', 'show', user.username), /second-factor=none/);
});

test('whoever has a second factor is never offered to set another', async (t) => {
    const app = await strongApp(t);
    const user = person(t, { totp: true });
    const browser = new Browser();
    const page = await browser.submit(await browser.open(authorization(app).url), { username: user.username, password: user.password });
    const id = new URL(page.url).searchParams.get('t');
    const tried = await browser.open(`/signin/enrol?t=${id}`);
    assert.equal(secretOn(tried), undefined, 'no seed is shown');
    assert.ok(!tried.left);
});

test('two enrolments at once: one seed wins, the other is refused', async (t) => {
    const app = await strongApp(t);
    const user = person(t);
    const pages = [];
    for (const browser of [new Browser(), new Browser()])
        pages.push({ browser, ...(await toEnrolment(browser, app, user)) });
    const ends = await Promise.all(pages.map(({ browser, page }) =>
        browser.submit(page, { otp: codeOfStep(secretOn(page), stepNow()) })));
    const winners = ends.filter((end) => /recovery/i.test(end.visible) && end.status === 200 && !end.has('otp'));
    assert.equal(winners.length, 1, ends.map((e) => `${e.status} ${e.visible}`).join('\n'));
});

test('an administrator enrols once, and takes a lost phone away', (t) => {
    const user = person(t, { totp: true });
    assert.notEqual(onedoor('account', 'enrol-totp', user.username).status, 0, 'never replaced silently');
    must('account', 'remove-totp', user.username);
    assert.match(must('account', 'show', user.username), /second-factor=none/);
    assert.notEqual(onedoor('account', 'show', 'nobody-at-all').status, 0);
});

test('a person may set a second factor up before it is asked for, from the account page', async (t) => {
    const user = person(t);
    const { browser } = await signedIn(apps.portal, user);
    const account = await browser.open('/account');
    assert.equal(account.status, 200);
    assert.match(account.visible, new RegExp(user.username));
});
