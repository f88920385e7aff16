// An application's back-channel logout address: over TLS, and as well or badly behaved as a test wants.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { issuer, state } from './demo.mjs';
import { get } from './http.mjs';
import { until } from './wait.mjs';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';

// The certificate that the demo's own CA made for 127.0.0.1.
export const trusted = {
    cert: fs.readFileSync(path.join(state, 'tls/server.pem')),
    key: fs.readFileSync(path.join(state, 'tls/server.key')),
};

async function bodyOf(req) {
    const chunks = [];
    for await (const chunk of req) chunks.push(chunk);
    return Buffer.concat(chunks).toString();
}

/*
 * Listens until the test ends: { uri(name), tokens(name), requests, port, stop() }. `answer(req, res)` may be
 * replaced at any time; without it, a request for /NAME is 200.
 */
export async function receiver(t, { identity = trusted, host = '127.0.0.1', port = 0, answer } = {}) {
    const it = { requests: [], answer };
    const server = https.createServer({ ...identity }, async (req, res) => {
        const body = await bodyOf(req).catch(() => '');
        it.requests.push({ path: req.url, method: req.method, type: req.headers['content-type'], body });
        if (it.answer) await it.answer(req, res);
        else res.writeHead(200, { 'cache-control': 'no-store' }).end();
    });
    server.on('tlsClientError', () => {});
    await new Promise((resolve) => server.listen(port, host, resolve));
    it.port = server.address().port;
    it.uri = (name) => `https://127.0.0.1:${it.port}/${name}`;
    it.tokens = (name) =>
        it.requests.filter((r) => r.path === `/${name}`).map((r) => {
            assert.equal(r.method, 'POST');
            assert.equal(r.type, 'application/x-www-form-urlencoded');
            const form = new URLSearchParams(r.body);
            assert.deepEqual([...form.keys()], ['logout_token']);
            return form.get('logout_token');
        });
    it.stop = () => {
        server.closeAllConnections();
        return new Promise((resolve) => server.close(resolve));
    };
    t.after(it.stop);
    return it;
}

// The claims, when the token is all that section 2.6 of the specification asks for.
export async function verified(token, app) {
    const keys = createLocalJWKSet((await get('/jwks')).json());
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
        issuer,
        audience: app.client_id,
        typ: 'logout+jwt',
        algorithms: ['ES256', 'RS256'],
        maxTokenAge: '2 minutes',
        requiredClaims: ['iat', 'exp', 'jti', 'events', 'sub', 'sid'],
    });
    assert.deepEqual(payload.events, { [EVENT]: {} });
    assert.ok(!('nonce' in payload), 'a logout token with a nonce could pass for an ID token');
    assert.equal(payload.aud, app.client_id);
    assert.ok(payload.exp - payload.iat <= 120);
    return { ...payload, alg: protectedHeader.alg };
}

// What the application is told, verified, as soon as it is told at all.
export async function told(at, name, app, { within = 5000 } = {}) {
    const token = await until(`${name} is told`, () => at.tokens(name)[0], { within, every: 50 });
    return verified(token, app);
}
