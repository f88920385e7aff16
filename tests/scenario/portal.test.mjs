// openid-client plays the portal, a confidential web application, through its whole life.
import assert from 'node:assert/strict';
import test from 'node:test';
import { ask, client, discover, enterAs } from '../lib/party.mjs';
import { Browser } from '../lib/browser.mjs';
import { apps, issuer, users } from '../lib/demo.mjs';
import { isActive } from '../lib/app.mjs';
import { signInAt } from '../lib/signin.mjs';

const { portal } = apps;
const refused = (code) => (error) => error.error === code || error.cause?.error === code;

test('a citizen signs in: code, PKCE, state, nonce, iss, and an ID token that holds', async () => {
    const { tokens } = await enterAs(portal, users.citizen);
    const claims = tokens.claims();
    assert.equal(claims.iss, issuer);
    assert.equal(claims.aud, portal.client_id);
    assert.equal(claims.acr, 'low');
    assert.deepEqual([claims.amr].flat(), ['pwd']);
    assert.ok(claims.sub && claims.sid, JSON.stringify(claims));
    assert.ok(Math.abs(claims.auth_time - Date.now() / 1000) < 30);
    assert.equal(tokens.token_type, 'bearer');
    assert.ok(tokens.expires_in > 0 && tokens.expires_in <= 600);
});

test('userinfo gives the same person, and only what the scopes release', async () => {
    const { config, tokens } = await enterAs(portal, users.citizen, { parameters: { scope: 'openid email' } });
    const info = await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
    assert.match(info.email, /@/);
    for (const name of ['name', 'given_name', 'family_name', 'phone_number', 'groups'])
        assert.equal(info[name], undefined, `${name} was not asked for`);
    const more = await enterAs(portal, users.citizen, { parameters: { scope: 'openid profile phone' } });
    const rest = await client.fetchUserInfo(more.config, more.tokens.access_token, more.tokens.claims().sub);
    assert.ok(rest.name && rest.family_name, JSON.stringify(rest));
    assert.equal(rest.email, undefined);
});

test('refresh: a new access token, a new refresh token, the same person and sign-in', async () => {
    const { config, tokens } = await enterAs(portal, users.citizen, { parameters: { scope: 'openid profile offline_access' } });
    assert.ok(tokens.refresh_token);
    const second = await client.refreshTokenGrant(config, tokens.refresh_token);
    assert.notEqual(second.access_token, tokens.access_token);
    assert.notEqual(second.refresh_token, tokens.refresh_token);
    assert.equal(second.claims().sub, tokens.claims().sub);
    assert.equal(second.claims().auth_time, tokens.claims().auth_time);
    const third = await client.refreshTokenGrant(config, second.refresh_token);
    const info = await client.fetchUserInfo(config, third.access_token, tokens.claims().sub);
    assert.equal(info.sub, tokens.claims().sub);
});

test('refresh may ask for less, and the next one for all again', async () => {
    const { config, tokens } = await enterAs(portal, users.citizen, { parameters: { scope: 'openid profile email' } });
    const less = await client.refreshTokenGrant(config, tokens.refresh_token, { scope: 'openid email' });
    const info = await client.fetchUserInfo(config, less.access_token, tokens.claims().sub);
    assert.equal(info.name, undefined);
    assert.ok(info.email);
    const all = await client.refreshTokenGrant(config, less.refresh_token);
    assert.ok((await client.fetchUserInfo(config, all.access_token, tokens.claims().sub)).name);
});

test('a revoked access token is dead at once, its refresh token lives on', async () => {
    const { config, tokens } = await enterAs(portal, users.citizen);
    await client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub);
    await client.tokenRevocation(config, tokens.access_token);
    await assert.rejects(client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub));
    await client.tokenRevocation(config, tokens.access_token);
    assert.ok((await client.refreshTokenGrant(config, tokens.refresh_token)).access_token);
});

test('a revoked refresh token takes the access tokens of its grant along', async () => {
    const { config, tokens } = await enterAs(portal, users.citizen);
    await client.tokenRevocation(config, tokens.refresh_token, { token_type_hint: 'access_token' });
    await assert.rejects(client.refreshTokenGrant(config, tokens.refresh_token), refused('invalid_grant'));
    await assert.rejects(client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub));
});

test('a token for the records service is introspected there by openid-client, with all that it needs', async () => {
    const { tokens } = await enterAs(portal, users.citizen, { tokenParameters: { resource: apps.resource.resource } });
    const records = await discover(apps.resource);
    const answer = await client.tokenIntrospection(records, tokens.access_token);
    assert.equal(answer.active, true);
    assert.equal(answer.client_id, portal.client_id);
    assert.equal(answer.sub, tokens.claims().sub);
    assert.equal(answer.iss, issuer);
    assert.deepEqual([answer.aud].flat(), [apps.resource.resource]);
    assert.equal(answer.acr, 'low');
    assert.ok(answer.exp > Date.now() / 1000 && answer.exp <= Date.now() / 1000 + 600);
    assert.ok(answer.iat <= Date.now() / 1000 + 1);
});

test('the resource may be asked for at /authorize, too; one that was not granted is invalid_target', async () => {
    const { tokens } = await enterAs(portal, users.citizen, { parameters: { resource: apps.resource.resource } });
    assert.ok(await isActive(tokens.access_token));
    const config = await discover(portal);
    const browser = new Browser();
    const { url, checks } = await ask(config, portal);
    const page = await signInAt(browser, await browser.open(url), users.citizen);
    await assert.rejects(
        client.authorizationCodeGrant(config, page.left, checks, { resource: 'https://elsewhere.example/api' }),
        refused('invalid_target'));
});

test('sign-out begun by the portal comes back to it, and ends the session and its tokens', async () => {
    const { config, browser, tokens } = await enterAs(portal, users.citizen);
    const state = client.randomState();
    const url = client.buildEndSessionUrl(config, {
        id_token_hint: tokens.id_token,
        post_logout_redirect_uri: portal.post_logout_redirect_uris[0],
        state,
    });
    const out = await browser.open(url);
    const back = out.left ?? new URL(out.dom.querySelector(`a[href^="${portal.post_logout_redirect_uris[0]}"]`).getAttribute('href'));
    assert.equal(back.origin + back.pathname, portal.post_logout_redirect_uris[0]);
    assert.equal(back.searchParams.get('state'), state);
    await assert.rejects(client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub));
    await assert.rejects(client.refreshTokenGrant(config, tokens.refresh_token), refused('invalid_grant'));
    const again = await browser.open((await ask(config, portal)).url);
    assert.ok(again.has('username'), 'the sign-in page is shown again');
});

test('what was allowed offline outlives the sign-out', async () => {
    const { config, browser, tokens } = await enterAs(portal, users.citizen, { parameters: { scope: 'openid offline_access' } });
    await browser.open(client.buildEndSessionUrl(config, { id_token_hint: tokens.id_token }));
    assert.ok((await client.refreshTokenGrant(config, tokens.refresh_token)).access_token);
});
