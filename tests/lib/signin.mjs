// A person signs in: through the pages, to an application's door and back.
import assert from 'node:assert/strict';
import { authorization, callback, redeem } from './app.mjs';
import { Browser } from './browser.mjs';
import { freshCode } from './totp.mjs';

// From a page that asks for name and password to whatever follows it, one-time code included.
export async function signInAt(browser, page, user) {
    let next = await browser.submit(page, { username: user.username, password: user.password });
    if (!next.left && next.has('otp')) next = await enterCode(browser, next, user);
    return next;
}

/*
 * The person's second factor: from an authenticator, or from the list of recovery codes where a test has made the
 * account (a list has ten of them and no clock).
 */
export async function enterCode(browser, page, user) {
    assert.ok(user.totp_secret, `${user.username} has no second factor, yet a code is asked for`);
    return browser.submit(page, { otp: await freshCode(user.totp_secret) });
}

// Opens an application and comes back with what it got; signs in and agrees where that is asked.
export async function enter(browser, app, user, changes) {
    const asked = authorization(app, changes);
    let page = await browser.open(asked.url);
    if (!page.left && page.has('username')) page = await signInAt(browser, page, user);
    if (!page.left && page.has('otp')) page = await enterCode(browser, page, user);
    if (!page.left && page.has('decision')) page = await browser.submit(page, {}, allow(page));
    assert.ok(page.left, `not back at the application but at ${page.url} (${page.status}): ${page.visible}`);
    return { asked, returned: callback(page.left), left: page.left };
}

export const decide = (decision) => (page) => ({ form: page.formWith('decision'), button: { decision } });
export const allow = decide('allow');
export const deny = decide('deny');

// All the way to tokens.
export async function tokensFor(browser, app, user, changes, tokenChanges) {
    const { asked, returned } = await enter(browser, app, user, changes);
    assert.ok(returned.code, `no code: ${JSON.stringify(returned)}`);
    const answer = await redeem(asked, returned.code, tokenChanges, { via: browser.via });
    assert.equal(answer.status, 200, answer.text);
    return { asked, ...answer.json() };
}

// A new browser in which the person is signed in, and their first tokens.
export async function signedIn(app, user, options = {}) {
    const browser = new Browser(options);
    return { browser, ...(await tokensFor(browser, app, user, options.ask, options.redeem)) };
}

export const isSignedOut = async (browser) => !(await browser.cookie('__Host-onedoor-session'));
