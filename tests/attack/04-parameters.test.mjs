import assert from 'node:assert/strict';
import test from 'node:test';
import { authenticated, authorization, callback } from '../lib/app.mjs';
import { apps, issuer } from '../lib/demo.mjs';
import { get, post } from '../lib/http.mjs';
import { assertError, assertPage } from '../lib/same.mjs';

const { portal, spa } = apps;

test('attack 4: any parameter twice gets a page, and nothing is sent to the application', async () => {
    const { url } = authorization(portal, { prompt: 'login', max_age: '5', ui_locales: 'en', login_hint: 'x', response_mode: 'query' });
    for (const [name, value] of new URL(url).searchParams) {
        assertPage(await get(`${url}&${name}=${encodeURIComponent(value)}`), `${name} twice`);
        assertPage(await get(`${url}&${name}=`), `${name} again, empty`);
        assertPage(await get(`${url}&%${name.charCodeAt(0).toString(16)}${name.slice(1)}=x`), `${name} again, in disguise`);
    }
    assertPage(await get(`${url}&unknown=1&unknown=2`), 'a parameter nobody knows');
});

test('attack 4: the same parameter in address and body gets a page', async () => {
    const { url } = authorization(portal);
    const [path, query] = url.split('?');
    assertPage(await post(`${path}?state=a`, query));
    assertPage(await post(`${path}?client_id=${portal.client_id}`, query));
    assertPage(await post(`${path}?${query}`, 'state=b'));
});

test('attack 4: twice at the token endpoint is invalid_request', async () => {
    for (const twice of ['grant_type', 'scope', 'resource', 'code', 'unknown']) {
        const body = `grant_type=client_credentials&scope=records:read&resource=${encodeURIComponent(apps.resource.resource)}&code=1&unknown=1&${twice}=2`;
        assertError(await authenticated('/token', apps.service, {}, {}), 400);
        const answer = await post('/token', body, { headers: { authorization: `Basic ${Buffer.from(`service:${apps.service.client_secret}`).toString('base64')}` } });
        assertError(answer, 400, 'invalid_request', twice);
    }
});

test('attack 4: an empty value counts as absent', async () => {
    const empty = await get(authorization(portal, { prompt: '', max_age: '', acr_values: '', nonce: '', response_mode: '' }).url);
    assert.match(empty.location, new RegExp(`^(${issuer})?/signin`));
    assert.equal(callback((await get(authorization(portal, { response_type: '' }).url)).location).error, 'invalid_request');
    assertPage(await get(authorization(portal, { redirect_uri: '' }).url));
    assertPage(await get(authorization(portal, { client_id: '' }).url));
});

test('attack 5: no response type but code; no token is ever in an address', async () => {
    for (const response_type of ['token', 'id_token', 'code token', 'code id_token', 'id_token token', 'none', 'code code', 'CODE', ' code', 'code\t']) {
        const answer = await get(authorization(portal, { response_type }).url);
        const returned = callback(answer.location);
        assert.ok(['unsupported_response_type', 'invalid_request'].includes(returned.error), `${response_type}: ${answer.location}`);
        assert.doesNotMatch(answer.location, /[?&#](access_token|id_token|code)=/);
        assert.ok(!answer.location.includes('#'), 'nothing in the fragment either');
    }
    for (const response_mode of ['fragment', 'web_message', 'jwt', 'query.jwt', 'x'])
        assert.ok(callback((await get(authorization(portal, { response_mode }).url)).location).error, response_mode);
});

test('attack 6: no challenge, another method, or a malformed challenge is invalid_request', async () => {
    const challenge = authorization(portal).code_challenge;
    const bad = [
        { code_challenge: undefined, code_challenge_method: undefined }, { code_challenge: undefined }, { code_challenge: '' },
        { code_challenge_method: undefined }, { code_challenge_method: 'plain' }, { code_challenge_method: 's256' },
        { code_challenge_method: 'S512' }, { code_challenge_method: 'S256 ' }, { code_challenge: challenge.slice(1) },
        { code_challenge: `${challenge}A` }, { code_challenge: `${challenge}=` }, { code_challenge: `${challenge.slice(1)}+` },
        { code_challenge: `${challenge.slice(1)}/` }, { code_challenge: `${challenge.slice(1)} ` },
    ];
    for (const app of [portal, spa])
        for (const changes of bad) {
            const returned = callback((await get(authorization(app, changes).url)).location);
            assert.equal(returned.error, 'invalid_request', JSON.stringify(changes));
        }
    assertPage(await get(authorization(portal, { code_challenge: `${challenge.slice(1)}\u0000` }).url), 'NUL');
});
