// A staff member in a real browser: password, one-time code, then a second application without a form.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import { authorization, redeem } from '../lib/app.mjs';
import { application, arrived, picture, stop, visitor } from '../lib/chromium.mjs';
import { apps, issuer, loopbackRedirect, users } from '../lib/demo.mjs';
import { person } from '../lib/people.mjs';
import { freshCode } from '../lib/totp.mjs';

after(stop);

const ask = (name, changes) => authorization(apps[name], { redirect_uri: loopbackRedirect(apps[name]), ...changes });

async function typePassword(page, user) {
    await page.fill('[name=username]', user.username);
    await page.fill('[name=password]', user.password);
    await page.click('form:has([name=password]) [type=submit]');
}

async function typeCode(page, user) {
    await page.fill('[name=otp]', await freshCode(user.totp_secret));
    await page.click('form:has([name=otp]) [type=submit]');
}

test('the staff member signs in with a code, and crosses to a second application without a form', async (t) => {
    const { arrivals, last } = await application(t);
    const { page, complaints } = await visitor(t);
    const first = ask('backoffice');
    await page.goto(first.url);
    await picture(page, 'sign-in');
    await typePassword(page, users.staff);
    await page.waitForSelector('[name=otp]');
    await picture(page, 'one-time-code');
    await typeCode(page, users.staff);
    await arrived(page);
    assert.equal(last().query.state, first.state);
    assert.equal((await redeem(first, last().query.code)).status, 200);

    const second = ask('portal');
    await page.goto(second.url);
    await arrived(page);
    assert.equal(last().path, '/portal/callback');
    assert.equal((await redeem(second, last().query.code)).status, 200);
    assert.equal(arrivals.length, 2);
    assert.deepEqual(complaints, []);
});

test('a wrong password: the error is on top, has the focus, and leads to the field', async (t) => {
    const user = person(t);
    const { page, complaints } = await visitor(t);
    await page.goto(ask('portal').url);
    await typePassword(page, { ...user, password: 'wrong' });
    assert.match(await page.title(), /^Error/);
    const focused = await page.evaluate(() => document.activeElement.innerText);
    assert.ok(focused.length > 5, 'the summary has the focus');
    assert.equal(await page.inputValue('[name=username]'), user.username);
    assert.equal(await page.inputValue('[name=password]'), '');
    await picture(page, 'wrong-password');
    assert.deepEqual(complaints.filter((c) => !/40[0-9]|42[0-9]/.test(c)), []);
});

test('without JavaScript: all of it', async (t) => {
    const { last } = await application(t);
    const user = person(t, { kind: 'staff', totp: true });
    const { page } = await visitor(t, { javaScriptEnabled: false });
    const asked = ask('backoffice');
    await page.goto(asked.url);
    await typePassword(page, user);
    await typeCode(page, user);
    await arrived(page);
    assert.equal((await redeem(asked, last().query.code)).status, 200);
});

test('without JavaScript: form_post by a button', async (t) => {
    const { last } = await application(t);
    const user = person(t);
    const { page } = await visitor(t, { javaScriptEnabled: false });
    const asked = ask('portal', { response_mode: 'form_post' });
    await page.goto(asked.url);
    await typePassword(page, user);
    await page.waitForSelector('form[action^="http://127.0.0.1:9080"]');
    await picture(page, 'form-post');
    await page.click('form[action^="http://127.0.0.1:9080"] [type=submit]');
    await arrived(page);
    assert.equal(last().method, 'POST');
    assert.equal((await redeem(asked, last().form.code)).status, 200);
});

test('with JavaScript form_post goes by itself', async (t) => {
    const { last } = await application(t);
    const { page, complaints } = await visitor(t);
    const asked = ask('portal', { response_mode: 'form_post' });
    await page.goto(asked.url);
    await typePassword(page, users.citizen);
    await arrived(page);
    assert.equal(last().form.state, asked.state);
    assert.deepEqual(complaints, []);
});

test('consent: the page tells what is asked, yes and no both arrive', async (t) => {
    const { last } = await application(t);
    const user = person(t);
    const { page, complaints } = await visitor(t);
    await page.goto(ask('spa').url);
    await typePassword(page, user);
    await page.waitForSelector('[name=decision]');
    await picture(page, 'consent');
    await page.click('[name=decision][value=deny]');
    await arrived(page);
    assert.equal(last().query.error, 'access_denied');
    const asked = ask('spa');
    await page.goto(asked.url);
    await page.click('[name=decision][value=allow]');
    await arrived(page);
    assert.equal((await redeem(asked, last().query.code)).status, 200);
    assert.deepEqual(complaints, []);
});

test('by keyboard only', async (t) => {
    const { last } = await application(t);
    const user = person(t, { kind: 'staff', totp: true });
    const { page } = await visitor(t);
    const asked = ask('backoffice');
    const tabTo = async (selector) => {
        for (let i = 0; i < 30; i++) {
            if (await page.evaluate((s) => document.activeElement.matches(s), selector)) return;
            await page.keyboard.press('Tab');
            const outline = await page.evaluate(() => {
                const style = getComputedStyle(document.activeElement);
                return document.activeElement === document.body || style.outlineStyle !== 'none' || style.boxShadow !== 'none';
            });
            assert.ok(outline, 'whatever has the focus shows it');
        }
        assert.fail(`${selector} cannot be reached by Tab`);
    };
    await page.goto(asked.url);
    await tabTo('[name=username]');
    await page.keyboard.type(user.username);
    await tabTo('[name=password]');
    await page.keyboard.type(user.password);
    await page.keyboard.press('Enter');
    await page.waitForSelector('[name=otp]');
    await tabTo('[name=otp]');
    await page.keyboard.type(await freshCode(user.totp_secret));
    await page.keyboard.press('Enter');
    await arrived(page);
    assert.equal((await redeem(asked, last().query.code)).status, 200);
});

test('signed out, the Back button shows nothing of the account', async (t) => {
    await application(t);
    const user = person(t);
    const { page } = await visitor(t);
    await page.goto(ask('portal').url);
    await typePassword(page, user);
    await arrived(page);
    await page.goto(`${issuer}/account`);
    assert.ok((await page.content()).includes(user.username));
    await page.goto(`${issuer}/logout`);
    await page.click('form[action*="logout"] [type=submit], main form [type=submit]');
    await page.waitForLoadState();
    await picture(page, 'signed-out');
    await page.goBack();
    await page.goBack();
    assert.ok(!(await page.content()).includes(`测试 ${user.username}`));
});
