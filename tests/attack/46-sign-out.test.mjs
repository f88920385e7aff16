import assert from 'node:assert/strict';
import test from 'node:test';
import { authorization, refresh } from '../lib/app.mjs';
import { apps, users } from '../lib/demo.mjs';
import { signedIn } from '../lib/signin.mjs';

const { portal } = apps;
const back = portal.post_logout_redirect_uris[0];
const logout = (values) => `/logout?${new URLSearchParams(values)}`;
const isIn = async (browser) => Boolean((await browser.open(authorization(portal).url)).left);

test('attack 46: an altered or made-up hint leads nowhere and ends nothing', async () => {
    const { browser, id_token } = await signedIn(portal, users.citizen);
    const [h, p, s] = id_token.split('.');
    for (const hint of ['x', 'a.b.c', `${h}.${p}.`, `${h}.${p}.${s.slice(0, -4)}AAAA`, `${id_token}x`, '']) {
        const page = await browser.open(logout({ id_token_hint: hint, post_logout_redirect_uri: back }));
        assert.equal(page.left, undefined, hint);
        assert.ok(await isIn(browser), hint);
    }
});

test('attack 46: somebody else\'s hint does not sign this person out', async () => {
    const victim = await signedIn(portal, users.citizen);
    const other = await signedIn(portal, users.citizen2);
    const page = await victim.browser.open(logout({ id_token_hint: other.id_token, post_logout_redirect_uri: back }));
    assert.equal(page.left, undefined, 'no redirect either');
    assert.ok(await isIn(victim.browser));
    assert.ok(await isIn(other.browser));
});

test('attack 46: only a registered address is gone back to', async () => {
    const { browser, id_token } = await signedIn(portal, users.citizen);
    for (const uri of ['https://evil.example/', `${back}x`, back.slice(0, -1), `${back}?x=1`, back.replace('https', 'http'), '//evil.example/', 'javascript:alert(1)',
        portal.redirect_uris[0], apps.backoffice.post_logout_redirect_uris[0], back.toUpperCase(), `${back}#x`]) {
        const page = await browser.open(logout({ id_token_hint: id_token, post_logout_redirect_uri: uri }));
        assert.equal(page.left, undefined, uri);
        assert.ok(!page.dom.querySelectorAll('a').some((a) => a.getAttribute('href') === uri), uri);
    }
    const bare = await browser.open(logout({ post_logout_redirect_uri: back }));
    assert.equal(bare.left, undefined, 'without anything that names the application');
});

test('attack 46: after the sign-out the pages before show nothing, and refresh fails', async () => {
    const { browser, id_token, refresh_token } = await signedIn(portal, users.citizen);
    const account = await browser.open('/account');
    assert.equal(account.status, 200);
    assert.match(account.headers['cache-control'], /no-store/, 'Back asks the server again');
    const cookie = await browser.cookie('__Host-onedoor-session');
    await browser.open(logout({ id_token_hint: id_token }));
    assert.ok((await browser.open('/account')).has('username'));
    await browser.setCookie('__Host-onedoor-session', cookie);
    assert.ok((await browser.open('/account')).has('username'), 'the old cookie is dead on the server, too');
    assert.equal((await refresh(portal, refresh_token)).json().error, 'invalid_grant');
});

test('attack 46: a parameter twice is refused before anything ends', async () => {
    const { browser, id_token } = await signedIn(portal, users.citizen);
    const page = await browser.open(`${logout({ id_token_hint: id_token })}&post_logout_redirect_uri=${back}&post_logout_redirect_uri=https://evil.example/`);
    assert.ok(page.status >= 400 && !page.left);
    assert.ok(await isIn(browser));
});
