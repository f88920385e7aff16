import assert from 'node:assert/strict';
import test from 'node:test';
import { authorization, callback, decode, redeem } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { apps, demo } from '../lib/demo.mjs';
import { person } from '../lib/people.mjs';
import { enter, enterCode, signedIn, signInAt } from '../lib/signin.mjs';
import { codeOfStep, stepNow } from '../lib/totp.mjs';

const { portal, backoffice } = apps;

// One guess from a fresh browser at that address: 'in', 'code', 'wrong' or 'braked'.
async function guess(username, password, source, via) {
    const browser = new Browser({ source, via });
    const end = await browser.submit(await browser.open(authorization(portal).url), { username, password });
    if (end.left) return 'in';
    if (end.has('otp')) return 'code';
    return end.status === 429 || /minute/.test(end.visible) ? 'braked' : 'wrong';
}

test('attack 40: guesses at one account are braked, though each comes from another address', async (t) => {
    const user = person(t);
    const results = [];
    for (let i = 0; i < 14; i++) results.push(await guess(user.username, `guess ${i}`, `127.1.40.${i + 1}`));
    assert.equal(results[0], 'wrong');
    assert.equal(results.at(-1), 'braked', results.join());
    assert.equal(await guess(user.username, user.password, '127.1.40.99'), 'braked', 'the right one from a stranger is braked, too');
});

test('attack 40: the person attacked still signs in from a device that is known', async (t) => {
    const user = person(t);
    const { browser, id_token } = await signedIn(portal, user);
    await browser.open(`/logout?id_token_hint=${id_token}`);
    for (let i = 0; i < 14; i++) await guess(user.username, `guess ${i}`, `127.1.41.${i + 1}`);
    assert.equal(await guess(user.username, user.password, '127.1.41.99'), 'braked');
    const { returned } = await enter(browser, portal, user);
    assert.ok(returned.code);
});

test('attack 40: a known device of one account is no help against another', async (t) => {
    const [mine, victim] = [person(t), person(t)];
    const { browser, id_token } = await signedIn(portal, mine);
    await browser.open(`/logout?id_token_hint=${id_token}`);
    for (let i = 0; i < 14; i++) await guess(victim.username, `guess ${i}`, `127.1.42.${i + 1}`);
    const end = await signInAt(browser, await browser.open(authorization(portal).url), victim);
    assert.ok(!end.left);
});

test('attack 40: one address that tries many accounts is braked', async () => {
    const results = [];
    for (let i = 0; i < 60; i++) results.push(await guess(`account-${i}`, 'Spring2026!', '127.1.43.1'));
    assert.ok(results.slice(0, 40).every((r) => r === 'wrong'), results.join());
    assert.equal(results.at(-1), 'braked');
    assert.equal(await guess('account-1', 'x', '127.1.43.2'), 'wrong', 'another address is not');
});

test('attack 40: fifty guesses at once, over all servers, are counted each', async (t) => {
    const user = person(t);
    const places = Array.from({ length: 50 }, (_, i) => i);
    const browsers = await Promise.all(places.map(async (i) => {
        const via = i % 2 ? demo.twin_plain_url : undefined;
        const browser = new Browser({ via, source: `127.1.44.${i + 1}` });
        return { browser, page: await browser.open(authorization(portal).url) };
    }));
    const ends = await Promise.all(browsers.map(({ browser, page }) => browser.submit(page, { username: user.username, password: 'guess' })));
    const wrong = ends.filter((end) => end.status !== 429 && !/minute/.test(end.visible)).length;
    assert.ok(wrong <= 10, `${wrong} were looked at`);
});

async function atCode(user, options) {
    const browser = new Browser(options);
    const asked = authorization(backoffice);
    const page = await browser.submit(await browser.open(asked.url), { username: user.username, password: user.password });
    assert.ok(page.has('otp'), page.visible);
    return { browser, page, asked };
}

test('attack 41: a code once, at whatever server, and by two at a time', async (t) => {
    const user = person(t, { kind: 'staff', totp: true });
    const options = [{}, demo.twin_plain_url ? { via: demo.twin_plain_url } : {}];
    const pairs = await Promise.all(options.map((o) => atCode(user, o)));
    const otp = codeOfStep(user.totp_secret, stepNow());
    const ends = await Promise.all(pairs.map(({ browser, page }) => browser.submit(page, { otp })));
    assert.equal(ends.filter((end) => end.left).length, 1);
    const third = await atCode(user);
    assert.ok(!(await third.browser.submit(third.page, { otp })).left, 'later, too');
    const earlier = await third.browser.submit(third.page, { otp: codeOfStep(user.totp_secret, stepNow() - 1) });
    assert.ok(!earlier.left, 'nor a step before the spent one');
});

test('attack 41: steps outside one either side are refused', async (t) => {
    const user = person(t, { kind: 'staff', totp: true });
    for (const away of [-2, 2]) {
        const { browser, page } = await atCode(user);
        assert.ok(!(await browser.submit(page, { otp: codeOfStep(user.totp_secret, stepNow() + away + Math.sign(away)) })).left, String(away));
    }
    const { browser, page } = await atCode(user);
    assert.ok((await browser.submit(page, { otp: codeOfStep(user.totp_secret, stepNow()) })).left);
});

test('attack 41: codes have a counter of their own, which new sign-ins do not reset', async (t) => {
    const user = person(t, { kind: 'staff', totp: true });
    for (let i = 0; i < 6; i++) {
        const { browser, page } = await atCode(user, { source: `127.1.45.${i + 1}` });
        assert.ok(!(await browser.submit(page, { otp: '000000' })).left);
    }
    const { browser, page } = await atCode(user);
    assert.ok(!(await browser.submit(page, { otp: codeOfStep(user.totp_secret, stepNow()) })).left, 'braked');
    const recovery = await browser.open(`/signin/recovery?t=${new URL(page.url).searchParams.get('t')}`);
    const field = [...recovery.forms.find((f) => f.method === 'post' && f.fields.csrf).names].find((n) => !['t', 'csrf'].includes(n));
    assert.ok(!(await browser.submit(recovery, { [field]: 'AAAA-AAAA' })).left);
});

test('attack 41: fifty codes at once: five are looked at', async (t) => {
    const user = person(t, { kind: 'staff', totp: true });
    const { browser, page } = await atCode(user);
    const ends = await Promise.all(Array.from({ length: 50 }, (_, i) => browser.submit(page, { otp: String(100000 + i) })));
    assert.ok(ends.every((end) => !end.left));
    const looked = ends.filter((end) => end.status !== 429 && !/minute/.test(end.visible) && end.has('otp')).length;
    assert.ok(looked <= 5, `${looked} were looked at`);
});

test('attack 42: the code skipped, empty, or for another person\'s sign-in', async (t) => {
    const [mine, victim] = [person(t, { kind: 'staff', totp: true }), person(t, { kind: 'staff', totp: true })];
    const { browser, page } = await atCode(victim);
    const id = new URL(page.url).searchParams.get('t');
    const none = async (end, why) => {
        assert.ok(!end.left || !callback(end.left).code, why);
        assert.equal(await browser.cookie('__Host-onedoor-session'), undefined, why);
    };
    await none(await browser.open(`/authorize/resume?t=${id}`), 'skipped');
    await none(await browser.open(`/consent?t=${id}`), 'by the consent page');
    await none(await browser.open(`/signin/enrol?t=${id}`), 'by enrolling');
    await none(await browser.submit(page, { otp: '' }), 'empty');
    await none(await browser.submit(page, { otp: ' ' }), 'a space');
    await none(await browser.submit(page, { otp: codeOfStep(mine.totp_secret, stepNow()) }), 'a code of somebody else');
    const other = await atCode(mine);
    const crossed = await browser.post(page, { otp: codeOfStep(victim.totp_secret, stepNow()), t: new URL(other.page.url).searchParams.get('t') });
    assert.ok(!crossed.location || !callback(new URL(crossed.location, page.url)).code, 'into another\'s sign-in');
    assert.ok((await browser.open('/')).has('username'), 'still signed out');
});

test('attack 42: the password changed to another person\'s on the way: the new person\'s code counts', async (t) => {
    const [mine, victim] = [person(t, { kind: 'staff', totp: true }), person(t, { kind: 'staff', totp: true })];
    const browser = new Browser();
    const asked = authorization(backoffice);
    const first = await browser.open(asked.url);
    const otp = await browser.submit(first, { username: mine.username, password: mine.password });
    const again = await browser.submit(first, { username: victim.username, password: victim.password });
    const end = await enterCode(browser, again.has('otp') ? again : otp, mine).catch(() => ({}));
    if (!end.left) return;
    const tokens = (await redeem(asked, callback(end.left).code)).json();
    assert.equal(decode(tokens.id_token).payload.sub, mine.username);
});
