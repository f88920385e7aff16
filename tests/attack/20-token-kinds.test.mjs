import assert from 'node:assert/strict';
import test from 'node:test';
import { introspect, isActive, redeem, refresh, revoke } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { apps, issuer, users } from '../lib/demo.mjs';
import { basic, form, get, post, request } from '../lib/http.mjs';
import { enter, signedIn } from '../lib/signin.mjs';
import { assertError } from '../lib/same.mjs';

const { portal, service, resource } = apps;
const bearer = (token) => get('/userinfo', { headers: { authorization: `Bearer ${token}` } });
const auth = { authorization: basic(service.client_id, service.client_secret) };

test('attack 20: no kind of token stands in for another', async () => {
    const browser = new Browser();
    const { asked, returned } = await enter(browser, portal, users.citizen, { scope: 'openid profile offline_access' });
    assert.equal((await bearer(returned.code)).status, 401, 'a code as an access token');
    assert.equal(await isActive(returned.code), false, 'a code at introspection');
    assert.equal((await refresh(portal, returned.code)).json().error, 'invalid_grant', 'a code as a refresh token');
    const tokens = (await redeem(asked, returned.code)).json();
    const cookie = await browser.cookie('__Host-onedoor-session');
    for (const [name, token] of Object.entries({ id: tokens.id_token, refresh: tokens.refresh_token, cookie }))
        assert.equal((await bearer(token)).status, 401, `${name} as an access token`);
    for (const [name, token] of Object.entries({ id: tokens.id_token, access: tokens.access_token, cookie }))
        assert.equal((await refresh(portal, token)).json().error, 'invalid_grant', `${name} as a refresh token`);
    for (const [name, token] of Object.entries({ id: tokens.id_token, access: tokens.access_token, refresh: tokens.refresh_token }))
        assert.equal((await redeem(asked, token)).json().error, 'invalid_grant', `${name} as a code`);
    assert.equal(await isActive(tokens.id_token), false, 'an ID token at introspection');
    const preset = new Browser();
    await preset.setCookie('__Host-onedoor-session', tokens.access_token);
    assert.ok((await preset.open(asked.url)).has('username'), 'an access token as a session cookie');
    const sid = JSON.parse(Buffer.from(tokens.id_token.split('.')[1], 'base64url')).sid;
    await preset.setCookie('__Host-onedoor-session', sid);
    assert.ok((await preset.open(asked.url)).has('username'), 'the public sid as a session cookie');
});

test('attack 20: an access token is no id_token_hint', async () => {
    const { browser, access_token } = await signedIn(portal, users.citizen);
    const out = await browser.open(`/logout?${form({ id_token_hint: access_token, post_logout_redirect_uri: portal.post_logout_redirect_uris[0] })}`);
    assert.equal(out.left, undefined);
});

test('attack 20: revoking an ID token or a code revokes nothing', async () => {
    const { id_token, access_token } = await signedIn(portal, users.citizen, { redeem: { resource: resource.resource } });
    await revoke(portal, id_token);
    assert.equal(await isActive(access_token), true);
    assert.equal((await introspect(access_token)).json().active, true);
});

test('attack 21: the token endpoint takes a form by POST, and nothing else', async () => {
    const values = { grant_type: 'client_credentials', scope: 'records:read' };
    const url = new URL('/token', issuer);
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD']) {
        const answer = await request(`${url}?${form(values)}`, { method, headers: auth });
        assert.equal(answer.status, 405, method);
        assert.match(answer.headers.allow ?? '', /POST/, method);
    }
    assertError(await post(`/token?${form(values)}`, '', { headers: auth }), 400, undefined, 'all in the query');
    assertError(await post('/token?scope=records:read', { grant_type: 'client_credentials' }, { headers: auth }), 400, 'invalid_request', 'one of them in the query');
    for (const [type, body] of [
        ['application/json', JSON.stringify(values)],
        ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="grant_type"\r\n\r\nclient_credentials\r\n--x--\r\n'],
        ['text/plain', form(values)],
        ['application/x-www-form-urlencodedx', form(values)],
        ['application/xml', '<grant_type>client_credentials</grant_type>'],
        ['', form(values)],
    ])
        assertError(await post('/token', body, { headers: { ...auth, 'content-type': type } }), 400, 'invalid_request', type);
    assert.equal((await post('/token', values, { headers: { ...auth, 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' } })).status, 200);
});

test('attack 21: so do introspection and revocation', async () => {
    const headers = { authorization: basic(resource.client_id, resource.client_secret) };
    for (const path of ['/introspect', '/revoke']) {
        assert.equal((await get(`${path}?token=x`, { headers })).status, 405, path);
        assertError(await post(path, '{"token":"x"}', { headers: { ...headers, 'content-type': 'application/json' } }), 400, 'invalid_request', path);
        assertError(await post(`${path}?token=x`, '', { headers }), 400, 'invalid_request', `${path}, token in the query`);
    }
});
