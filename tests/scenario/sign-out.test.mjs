// Signing out: begun by an application, or by the person.
import assert from 'node:assert/strict';
import test from 'node:test';
import { authorization, isActive, refresh } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { apps, users } from '../lib/demo.mjs';
import { signedIn } from '../lib/signin.mjs';

const { portal, resource } = apps;
const back = portal.post_logout_redirect_uris[0];
const logout = (values) => `/logout?${new URLSearchParams(values)}`;
const signedOut = async (browser) => (await browser.open(authorization(portal).url)).has('username');

test('without a hint the person is asked, and one press signs out', async () => {
    const { browser } = await signedIn(portal, users.citizen);
    const page = await browser.open('/logout');
    assert.ok(!(await signedOut(browser)), 'a visit alone ends nothing');
    const done = await browser.submit(page, {}, { form: page.forms.find((f) => f.method === 'post' && /logout/.test(f.action || page.url)) });
    assert.ok(done.status === 200 || done.left, String(done.status));
    assert.ok(await signedOut(browser));
});

test('all applications of the session are out, their tokens dead', async () => {
    const first = await signedIn(portal, users.citizen, { redeem: { resource: resource.resource } });
    await first.browser.open(logout({ id_token_hint: first.id_token }));
    assert.equal(await isActive(first.access_token), false);
    assert.equal((await refresh(portal, first.refresh_token)).json().error, 'invalid_grant');
    assert.ok(await signedOut(first.browser));
});

test('client_id beside the hint must be the one it was issued to', async () => {
    const { browser, id_token } = await signedIn(portal, users.citizen);
    const page = await browser.open(logout({ id_token_hint: id_token, client_id: 'backoffice', post_logout_redirect_uri: back }));
    assert.equal(page.left, undefined);
});

test('a sign-out with nobody signed in is a friendly page', async () => {
    const page = await new Browser().open('/logout');
    assert.equal(page.status, 200, page.visible);
});

test('a hint from a session that is over still brings one back to the application', async () => {
    const { browser, id_token } = await signedIn(portal, users.citizen);
    await browser.open(logout({ id_token_hint: id_token }));
    const again = await browser.open(logout({ id_token_hint: id_token, post_logout_redirect_uri: back, state: 's 1&2' }));
    const link = again.left ?? again.dom.querySelectorAll('a').map((a) => a.getAttribute('href')).find((h) => h.startsWith(back));
    assert.ok(link, again.visible);
});
