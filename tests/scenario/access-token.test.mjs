// jose checks access tokens as a resource server would that has never heard of Onedoor (RFC 9068).
import assert from 'node:assert/strict';
import test from 'node:test';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { addApp } from '../lib/cli.mjs';
import { introspect, isActive } from '../lib/app.mjs';
import { apps, issuer, users } from '../lib/demo.mjs';
import { get } from '../lib/http.mjs';
import { person } from '../lib/people.mjs';
import { signedIn } from '../lib/signin.mjs';
import { createHash } from 'node:crypto';

const jwksUri = (await get('/.well-known/openid-configuration')).json().jwks_uri;
const keys = createRemoteJWKSet(new URL(jwksUri));
const { portal, backoffice, resource } = apps;
const forRecords = { redeem: { resource: resource.resource } };

const verify = (token, changes = {}) =>
    jwtVerify(token, keys, { issuer, audience: resource.resource, typ: 'at+jwt', algorithms: ['ES256'], ...changes });

test('an access token for the records service verifies there, with every claim that RFC 9068 demands', async () => {
    const { access_token } = await signedIn(portal, users.citizen, forRecords);
    const { payload, protectedHeader } = await verify(access_token);
    for (const claim of ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti'])
        assert.ok(payload[claim], `${claim} is missing`);
    assert.equal(protectedHeader.typ, 'at+jwt');
    assert.equal(payload.client_id, portal.client_id);
    assert.equal(payload.acr, 'low');
    assert.deepEqual([payload.amr].flat(), ['pwd']);
    assert.ok(payload.auth_time);
    assert.equal(payload.exp - payload.iat, 600);
    assert.ok(payload.scope.split(' ').includes('openid'));
});

test('it is meant for one audience only: the application itself when no resource was named', async () => {
    const { access_token } = await signedIn(portal, users.citizen);
    const { payload } = await verify(access_token, { audience: portal.client_id });
    assert.equal(typeof payload.aud, 'string');
    await assert.rejects(verify(access_token), { code: 'ERR_JWT_CLAIM_VALIDATION_FAILED' });
});

test('strength and identity of a staff member are two numbers', async (t) => {
    const user = person(t, { kind: 'staff', totp: true, departmentNumber: '330102/D0412' });
    const { access_token } = await signedIn(backoffice, user, forRecords);
    const { payload } = await verify(access_token);
    assert.equal(payload.acr, 'substantial');
    assert.equal(payload.authn_level, 2);
    assert.equal(payload.identity_level, 4);
    const citizen = await signedIn(portal, users.citizen, forRecords);
    const claims = (await verify(citizen.access_token)).payload;
    assert.equal(claims.authn_level, 1);
    assert.equal(claims.identity_level, 3);
});

test('the ID token ties itself to the access token and to the session', async () => {
    const { id_token, access_token, asked } = await signedIn(portal, users.citizen);
    const { payload, protectedHeader } = await jwtVerify(id_token, keys, { issuer, audience: portal.client_id });
    assert.notEqual(protectedHeader.typ, 'at+jwt');
    assert.equal(payload.nonce, asked.nonce);
    assert.ok(payload.sid);
    const half = createHash('sha256').update(access_token).digest().subarray(0, 16).toString('base64url');
    assert.equal(payload.at_hash, half);
});

test('an application of RS256 gets RS256 tokens from the same server', async (t) => {
    const app = await addApp(t, {
        method: 'client_secret_basic', grant: ['authorization_code', 'refresh_token'], scope: ['openid', 'profile'],
        'redirect-uri': 'https://localhost:9443/rsa/callback', 'access-token-alg': 'RS256', 'id-token-alg': 'RS256',
        'may-request': resource.resource,
    });
    const { access_token, id_token } = await signedIn(app, users.citizen, forRecords);
    await verify(access_token, { algorithms: ['RS256'] });
    await jwtVerify(id_token, keys, { issuer, audience: app.client_id, algorithms: ['RS256'] });
    assert.equal(await isActive(access_token), true);
});

test('an application of opaque tokens gets no JWT, and the resource sees all by introspection', async (t) => {
    const app = await addApp(t, {
        method: 'client_secret_basic', grant: 'authorization_code', scope: ['openid', 'profile'],
        'redirect-uri': 'https://localhost:9443/opaque/callback', 'token-format': 'opaque',
        'may-request': resource.resource, 'access-token-seconds': 120,
    });
    const { access_token, expires_in, browser } = await signedIn(app, users.citizen, forRecords);
    assert.ok(!access_token.includes('.'));
    assert.equal(expires_in, 120);
    const seen = (await introspect(access_token)).json();
    assert.equal(seen.active, true);
    assert.equal(seen.client_id, app.client_id);
    assert.equal(seen.acr, 'low');
    const own = await signedIn(app, users.citizen);
    const info = await get('/userinfo', { headers: { authorization: `Bearer ${own.access_token}` } });
    assert.equal(info.status, 200);
    assert.ok(browser);
});
