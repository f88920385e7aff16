// Everybody can read and use the pages: languages, large type, small screens, and what axe-core knows.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import { assertAccessible } from '../lib/accessible.mjs';
import { authorization } from '../lib/app.mjs';
import { addApp } from '../lib/cli.mjs';
import { application, arrived, picture, stop, visitor } from '../lib/chromium.mjs';
import { apps, issuer, loopbackRedirect } from '../lib/demo.mjs';
import { person } from '../lib/people.mjs';
import { freshCode } from '../lib/totp.mjs';

after(stop);

const ask = (app, changes) => authorization(app, { redirect_uri: loopbackRedirect(app) ?? app.redirect_uris[0], ...changes }).url;

async function signIn(page, user) {
    await page.fill('[name=username]', user.username);
    await page.fill('[name=password]', user.password);
    await page.click('form:has([name=password]) [type=submit]');
    await page.waitForLoadState();
}

for (const locale of ['zh-CN', 'en'])
    test(`no page has a serious fault of accessibility (${locale})`, async (t) => {
        await application(t);
        const strong = await addApp(t, {
            method: 'none', acr: 'substantial', 'person-kind': 'citizen', grant: 'authorization_code', scope: ['openid', 'profile'],
            'redirect-uri': 'http://127.0.0.1:9080/strong',
        });
        const { page, complaints } = await visitor(t, { locale });
        const look = async (name) => {
            assert.equal(await page.getAttribute('html', 'lang'), locale);
            await assertAccessible(page, name);
            await picture(page, `${name}-${locale}`);
        };
        const [user, staff] = [person(t), person(t, { kind: 'staff', totp: true })];
        await page.goto(ask(apps.spa));
        await look('sign-in');
        await signIn(page, { ...user, password: 'wrong' });
        await look('wrong');
        await signIn(page, user);
        await look('consent');
        await page.goto(ask(strong));
        await look('enrol');
        await page.goto(`${issuer}/`);
        await look('portal');
        await page.goto(`${issuer}/account`);
        await look('account');
        await page.goto(`${issuer}/logout`);
        await look('sign-out');
        await page.click('form[action*="logout"] [type=submit], main form [type=submit]');
        await page.waitForLoadState();
        await look('signed-out');
        await page.goto(ask(apps.backoffice));
        await signIn(page, staff);
        await look('code');
        await page.click('a[href*="/signin/recovery"]');
        await look('recovery');
        await page.goto(`${issuer}/nowhere`);
        await look('not-found');
        assert.deepEqual(complaints.filter((c) => !/status of 4\d\d/.test(c)), []);
    });

test('the page after enrolment shows the recovery codes', async (t) => {
    await application(t);
    const app = await addApp(t, {
        method: 'none', acr: 'substantial', 'person-kind': 'citizen', grant: 'authorization_code', scope: ['openid', 'profile'],
        'redirect-uri': 'http://127.0.0.1:9080/strong',
    });
    const user = person(t);
    const { page, complaints } = await visitor(t);
    await page.goto(ask(app));
    await signIn(page, user);
    const seed = (await page.innerText('main')).match(/\b(?:[A-Z2-7]{4}\s){7}[A-Z2-7]{4}\b/)[0].replace(/\s/g, '');
    assert.ok((await page.locator('img').first().evaluate((img) => img.complete && img.naturalWidth)) > 50, 'the QR code is drawn');
    await page.fill('[name=otp]', await freshCode(seed));
    await page.click('form:has([name=otp]) [type=submit]');
    await page.waitForLoadState();
    await assertAccessible(page, 'recovery codes');
    await picture(page, 'recovery-codes');
    await page.click('a[href*="/authorize/resume"]');
    await arrived(page);
    assert.deepEqual(complaints, []);
});

test('the language switch keeps the person where they are', async (t) => {
    const { page } = await visitor(t, { locale: 'zh-CN' });
    await page.goto(ask(apps.portal));
    assert.match(await page.innerText('body'), /样例市/);
    await page.click('a[href^="/language"]');
    await page.waitForLoadState();
    assert.match(await page.innerText('body'), /Sample City/);
    assert.equal(await page.locator('[name=password]').count(), 1);
});

test('large type: at least 18 pixels, bigger targets, and nothing runs off the side', async (t) => {
    const { page } = await visitor(t, { locale: 'zh-CN', viewport: { width: 390, height: 800 } });
    await page.goto(ask(apps.portal));
    const measure = () => page.evaluate(() => ({
        text: parseFloat(getComputedStyle(document.querySelector('label')).fontSize),
        button: document.querySelector('form:has([name=password]) [type=submit]').getBoundingClientRect().height,
        wide: document.documentElement.scrollWidth > window.innerWidth,
    }));
    const before = await measure();
    const large = page.locator('a, button').filter({ hasText: /长辈版|大字|Large/ }).first();
    await large.click();
    await page.waitForLoadState();
    const after = await measure();
    assert.ok(after.text >= 18 && after.text > before.text, `${before.text} → ${after.text}`);
    assert.ok(after.button >= 60, `${after.button} px`);
    assert.ok(!after.wide);
    await picture(page, 'large-type');
    await assertAccessible(page, 'large type');
});

test('on a phone nothing runs off the side, and targets are large enough', async (t) => {
    const { page } = await visitor(t, { viewport: { width: 320, height: 640 } });
    await page.goto(ask(apps.portal));
    await picture(page, 'sign-in-phone');
    assert.ok(!(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)), 'no sideways scrolling at 320 pixels');
    const small = await page.evaluate(() =>
        [...document.querySelectorAll('input:not([type=hidden]), button')].filter((e) => e.getBoundingClientRect().height < 44).map((e) => e.outerHTML));
    assert.deepEqual(small, []);
});

test('fields are named for password managers and for people', async (t) => {
    const { page } = await visitor(t);
    await page.goto(ask(apps.portal));
    assert.equal(await page.getAttribute('[name=username]', 'autocomplete'), 'username');
    assert.equal(await page.getAttribute('[name=password]', 'autocomplete'), 'current-password');
    assert.equal(await page.getAttribute('[name=username]', 'spellcheck'), 'false');
    for (const name of ['username', 'password'])
        assert.ok(await page.evaluate((n) => document.querySelector(`[name=${n}]`).labels.length === 1, name), name);
});
