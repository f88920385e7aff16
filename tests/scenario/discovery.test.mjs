// What discovery promises is there.
import assert from 'node:assert/strict';
import test from 'node:test';
import { calculateJwkThumbprint } from 'jose';
import { apps, demo, issuer } from '../lib/demo.mjs';
import { get, post, request } from '../lib/http.mjs';
import { client, discover } from '../lib/party.mjs';

const documents = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server'];

test('both documents say the same, and begin with the issuer they were asked at', async () => {
    const [openid, oauth] = await Promise.all(documents.map(async (path) => (await get(path)).json()));
    assert.equal(openid.issuer, issuer);
    assert.equal(oauth.issuer, issuer);
    for (const [name, value] of Object.entries(oauth)) assert.deepEqual(openid[name], value, name);
});

test('openid-client accepts them by either way', async () => {
    for (const algorithm of ['oidc', 'oauth2']) {
        const config = await client.discovery(new URL(issuer), apps.portal.client_id, {}, undefined, { algorithm });
        assert.equal(config.serverMetadata().issuer, issuer);
    }
});

test('every address that is named answers there, and none is of another place', async () => {
    const document = (await get(documents[0])).json();
    const named = Object.entries(document).filter(([name]) => /(_endpoint|_uri)$/.test(name));
    assert.ok(named.length >= 7, `only ${named.map(([name]) => name)}`);
    for (const [name, address] of named) {
        assert.ok(address.startsWith(`${issuer}/`), `${name}: ${address}`);
        assert.notEqual((await get(address)).status, 404, name);
    }
});

test('all that this issue needs is named', async () => {
    const metadata = (await discover(apps.portal)).serverMetadata();
    const names = ['authorization_endpoint', 'token_endpoint', 'userinfo_endpoint', 'jwks_uri',
        'introspection_endpoint', 'revocation_endpoint', 'end_session_endpoint'];
    for (const name of names) assert.ok(metadata[name], name);
    assert.deepEqual(metadata.response_types_supported, ['code']);
    assert.deepEqual([...metadata.response_modes_supported].sort(), ['form_post', 'query']);
    assert.deepEqual([...metadata.grant_types_supported].sort(),
        ['authorization_code', 'client_credentials', 'refresh_token']);
    assert.deepEqual(metadata.code_challenge_methods_supported, ['S256']);
    assert.equal(metadata.authorization_response_iss_parameter_supported, true);
    assert.ok(!metadata.request_uri_parameter_supported, 'request_uri is not offered');
    assert.deepEqual([...metadata.token_endpoint_auth_methods_supported].sort(),
        ['client_secret_basic', 'client_secret_post', 'none']);
    for (const scope of ['openid', 'profile', 'email', 'phone', 'organisation', 'groups', 'offline_access'])
        assert.ok(metadata.scopes_supported.includes(scope), scope);
    for (const alg of ['ES256', 'RS256'])
        assert.ok(metadata.id_token_signing_alg_values_supported.includes(alg), alg);
    assert.ok(!metadata.id_token_signing_alg_values_supported.includes('none'));
});

test('what is named as a grant type is known to the token endpoint, and nothing else is', async () => {
    const { grant_types_supported: named } = (await get(documents[0])).json();
    const errorOf = async (grant_type) =>
        (await post('/token', { grant_type, client_id: apps.spa.client_id })).json().error;
    for (const grant of named) assert.notEqual(await errorOf(grant), 'unsupported_grant_type', grant);
    for (const grant of ['password', 'implicit', 'urn:ietf:params:oauth:grant-type:device_code', 'x'])
        assert.equal(await errorOf(grant), 'unsupported_grant_type', grant);
});

test('a proxy in front reaches the same documents on the plain listener, with the same addresses', async () => {
    const direct = (await get(documents[0])).json();
    for (const host of ['localhost:8443', 'evil.example', '127.0.0.1:8080']) {
        const answer = await request(`${demo.plain_url}${documents[0]}`, { headers: { host } });
        assert.deepEqual(answer.json(), direct, host);
    }
});

test('scripts of any origin may read discovery, keys and the token endpoint, but never with cookies', async () => {
    const headers = { origin: 'https://app.example' };
    for (const path of [...documents, '/jwks']) {
        const answer = await get(path, { headers });
        assert.equal(answer.headers['access-control-allow-origin'], '*', path);
        assert.equal(answer.headers['access-control-allow-credentials'], undefined, path);
    }
    const preflight = await get('/token', {
        method: 'OPTIONS',
        headers: { ...headers, 'access-control-request-method': 'POST', 'access-control-request-headers': 'content-type' },
    });
    assert.ok(preflight.status < 300, String(preflight.status));
    assert.equal(preflight.headers['access-control-allow-origin'], '*');
    const page = await get('/signin', { headers });
    assert.equal(page.headers['access-control-allow-origin'], undefined, 'pages are not for scripts of others');
});

test('the keys are public ones only, each with a thumbprint for its name', async () => {
    const { keys } = (await get('/jwks')).json();
    assert.deepEqual([...new Set(keys.map((key) => key.alg))].sort(), ['ES256', 'RS256']);
    for (const key of keys) {
        for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k']) assert.equal(key[secret], undefined, secret);
        assert.equal(key.use, 'sig');
        assert.equal(key.kid, await calculateJwkThumbprint(key));
    }
});
