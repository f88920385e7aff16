// openid-client plays the booking page, a public application that must ask for consent.
import assert from 'node:assert/strict';
import test from 'node:test';
import { ask, client, discover, enterAs } from '../lib/party.mjs';
import { Browser } from '../lib/browser.mjs';
import { apps, httpsRedirect, loopbackRedirect } from '../lib/demo.mjs';
import { person } from '../lib/people.mjs';
import { allow, deny, signInAt } from '../lib/signin.mjs';

const { spa } = apps;

test('a first visit asks for consent by name and purpose; yes brings the code, and is remembered', async (t) => {
    const user = person(t, { mail: 'consent@city.example' });
    const config = await discover(spa);
    const browser = new Browser();
    const { url, checks } = await ask(config, spa, { scope: 'openid profile' });
    const page = await signInAt(browser, await browser.open(url), user);
    assert.ok(page.has('decision'), page.visible);
    assert.match(page.visible, /Appointment Booking/);
    const back = await browser.submit(page, {}, allow(page));
    const tokens = await client.authorizationCodeGrant(config, back.left, checks);
    assert.equal(tokens.claims().aud, spa.client_id);

    const again = await ask(config, spa, { scope: 'openid profile' });
    assert.ok((await new Browser({ jar: browser.jar }).open(again.url)).left, 'not asked twice');
    const elsewhere = new Browser();
    const other = await ask(config, spa, { scope: 'openid profile' });
    assert.ok((await signInAt(elsewhere, await elsewhere.open(other.url), user)).left, 'nor in another browser');
});

test('more than what was allowed is asked about again', async (t) => {
    const user = person(t, { mail: 'more@city.example' });
    const { browser, config } = await enterAs(spa, user, { parameters: { scope: 'openid profile' } });
    const page = await browser.open((await ask(config, spa, { scope: 'openid profile email' })).url);
    assert.ok(page.has('decision'), 'email was not allowed yet');
});

test('no is a clean access_denied, and nothing is remembered of it', async (t) => {
    const user = person(t);
    const config = await discover(spa);
    const browser = new Browser();
    const { url, checks } = await ask(config, spa);
    const page = await signInAt(browser, await browser.open(url), user);
    const back = await browser.submit(page, {}, deny(page));
    await assert.rejects(client.authorizationCodeGrant(config, back.left, checks),
        (error) => error.error === 'access_denied');
    assert.ok((await browser.open((await ask(config, spa)).url)).has('decision'));
});

test('prompt=consent asks even so; prompt=none without consent is consent_required', async (t) => {
    const user = person(t);
    const { browser, config } = await enterAs(spa, user);
    assert.ok((await browser.open((await ask(config, spa, { prompt: 'consent' })).url)).has('decision'));
    const none = await browser.open((await ask(config, spa, { prompt: 'none', scope: 'openid email' })).url);
    assert.equal(none.left.searchParams.get('error'), 'consent_required');
});

test('form_post: the answer is posted to the application, never in an address', async (t) => {
    const user = person(t);
    const config = await discover(spa);
    const browser = new Browser();
    const { url, checks } = await ask(config, spa, { response_mode: 'form_post' });
    let page = await signInAt(browser, await browser.open(url), user);
    page = await browser.submit(page, {}, allow(page));
    assert.equal(page.left, undefined);
    const posted = page.formWith('code', 'state', 'iss');
    assert.equal(posted.action, httpsRedirect(spa));
    assert.ok(!page.url.includes('code='));
    const request = new Request(posted.action, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(posted.fields),
    });
    assert.ok((await client.authorizationCodeGrant(config, request, checks)).access_token);
});

test('its refresh tokens rotate, too, without a secret', async (t) => {
    const user = person(t);
    const { config, tokens } = await enterAs(spa, user);
    const next = await client.refreshTokenGrant(config, tokens.refresh_token);
    assert.notEqual(next.refresh_token, tokens.refresh_token);
    await client.tokenRevocation(config, next.refresh_token);
    await assert.rejects(client.refreshTokenGrant(config, next.refresh_token));
});

test('as a native application it may choose the port of its loopback address', async (t) => {
    const user = person(t);
    const registered = new URL(loopbackRedirect(spa));
    registered.port = '51000';
    const { tokens } = await enterAs(spa, user, { parameters: { redirect_uri: registered.href } });
    assert.ok(tokens.access_token);
});
