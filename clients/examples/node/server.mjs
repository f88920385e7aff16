/*
 * A small web application on Node.js with openid-client and jose: people sign in, see who they are, sign out; other
 * programs call /api with access tokens; and when a person's session ends at Onedoor, it ends here too.
 *
 *   onedoor app add permit-hall method=client_secret_basic grant=authorization_code scope=openid scope=profile \
 *       redirect-uri=http://127.0.0.1:3000/callback post-logout-redirect-uri=http://127.0.0.1:3000/ \
 *       backchannel-logout-uri=https://permit.city.example/backchannel-logout
 *   npm install
 *   ONEDOOR_ISSUER=https://sso.city.example ONEDOOR_CLIENT_ID=permit-hall ONEDOOR_CLIENT_SECRET=… npm start
 *
 * NODE_EXTRA_CA_CERTS names your authority's certificate where it is not a public one. Node 18 needs
 * NODE_OPTIONS=--experimental-global-webcrypto.
 */
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import * as client from 'openid-client';

const { ONEDOOR_ISSUER: issuer, ONEDOOR_CLIENT_ID: id, ONEDOOR_CLIENT_SECRET: secret, PORT = '3000' } = process.env;
const here = process.env.HERE ?? `http://127.0.0.1:${PORT}`;
const cookieFlags = `Path=/; HttpOnly; SameSite=Lax${here.startsWith('https:') ? '; Secure' : ''}`;

const onedoor = await client.discovery(new URL(issuer), id, undefined, client.ClientSecretBasic(secret), {
    execute: [client.enableNonRepudiationChecks],
});
const keys = createRemoteJWKSet(new URL(onedoor.serverMetadata().jwks_uri));

// In memory, so for one process; use a shared store for more. { claims, idToken } or { checks } while signing in.
const sessions = new Map();

const cookieOf = (req) => /(?:^|; )session=([0-9a-f-]{36})/.exec(req.headers.cookie ?? '')?.[1];
const escape = (text) => String(text).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const go = (res, url) => res.writeHead(303, { location: String(url) }).end();

// Always under a new name, so that nobody can prepare one for somebody else.
function startSession(res, what) {
    const name = randomUUID();
    sessions.set(name, what);
    res.setHeader('set-cookie', `session=${name}; ${cookieFlags}`);
}

async function home(req, res) {
    const claims = sessions.get(cookieOf(req))?.claims;
    const text = claims
        ? `<p>Signed in: ${escape(claims.sub)}, level ${escape(claims.acr)}</p><p><a href="/sign-out">Sign out</a></p>`
        : '<p><a href="/sign-in">Sign in</a></p>';
    res.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
    res.end(`<!doctype html><html lang="en"><title>Permit Hall</title>${text}</html>`);
}

async function signIn(req, res) {
    const checks = {
        pkceCodeVerifier: client.randomPKCECodeVerifier(),
        expectedState: client.randomState(),
        expectedNonce: client.randomNonce(),
        idTokenExpected: true,
    };
    startSession(res, { checks });
    go(res, client.buildAuthorizationUrl(onedoor, {
        redirect_uri: `${here}/callback`,
        scope: 'openid profile',
        code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
        code_challenge_method: 'S256',
        state: checks.expectedState,
        nonce: checks.expectedNonce,
    }));
}

async function callback(req, res) {
    const name = cookieOf(req), checks = sessions.get(name)?.checks;
    if (!checks) return go(res, '/');
    sessions.delete(name);
    const tokens = await client.authorizationCodeGrant(onedoor, new URL(req.url, here), checks);
    startSession(res, { claims: tokens.claims(), idToken: tokens.id_token });
    go(res, '/');
}

async function signOut(req, res) {
    const session = sessions.get(cookieOf(req));
    sessions.delete(cookieOf(req));
    if (!session?.idToken) return go(res, '/');
    go(res, client.buildEndSessionUrl(onedoor, { id_token_hint: session.idToken, post_logout_redirect_uri: `${here}/` }));
}

// What is wrong with a token itself, beside which there are outages: those are no 401 and no 400.
const isRefusal = (error) =>
    /^ERR_(JW[ST]_|JWKS_NO_MATCHING_KEY$|JOSE_(ALG_NOT_ALLOWED|NOT_SUPPORTED)$)/.test(error.code ?? '');

// Access tokens meant for this application, verified by the issuer's keys. Revocation is seen when they expire, in
// minutes; ask the introspection endpoint where that is too long (client.tokenIntrospection).
async function api(req, res) {
    const token = /^Bearer ([\w.-]+)$/i.exec(req.headers.authorization ?? '')?.[1] ?? '';
    let claims;
    try {
        claims = (await jwtVerify(token, keys, {
            issuer, audience: id, typ: 'at+jwt', algorithms: ['ES256', 'RS256'], requiredClaims: ['sub', 'client_id'],
        })).payload;
    } catch (error) {
        if (!isRefusal(error)) throw error;
        return res.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end();
    }
    res.writeHead(200, { 'content-type': 'application/json' });
    res.end(JSON.stringify({ sub: claims.sub, roles: claims.roles ?? [] }));
}

async function bodyOf(req, limit = 16384) {
    let body = '';
    for await (const data of req) if ((body += data).length > limit) throw new Error('too long');
    return new URLSearchParams(body);
}

// OpenID Connect Back-Channel Logout 1.0 section 2.6.
async function backchannelLogout(req, res) {
    const token = (await bodyOf(req)).get('logout_token') ?? '';
    const wanted = { issuer, audience: id, typ: 'logout+jwt', algorithms: ['ES256', 'RS256'], requiredClaims: ['jti'], maxTokenAge: '10m' };
    let claims = {};
    res.setHeader('cache-control', 'no-store');
    try {
        claims = (await jwtVerify(token, keys, wanted)).payload;
    } catch (error) {
        if (!isRefusal(error)) throw error;
    }
    if (!claims.events?.['http://schemas.openid.net/event/backchannel-logout'] || claims.nonce || !(claims.sid || claims.sub))
        return res.writeHead(400).end();
    for (const [name, { claims: of }] of sessions)
        if (of && (claims.sid ? of.sid === claims.sid : of.sub === claims.sub)) sessions.delete(name);
    res.writeHead(200).end();
}

const routes = {
    'GET /': home,
    'GET /sign-in': signIn,
    'GET /callback': callback,
    'GET /sign-out': signOut,
    'GET /api/me': api,
    'POST /backchannel-logout': backchannelLogout,
};

http.createServer(async (req, res) => {
    const route = routes[`${req.method} ${req.url.split('?')[0]}`];
    try {
        if (route) await route(req, res);
        else res.writeHead(404).end();
    } catch (error) {
        console.error(error.message);
        if (!res.headersSent) res.writeHead(error instanceof client.AuthorizationResponseError ? 400 : 502);
        res.end();
    }
}).listen(Number(PORT), '127.0.0.1', () => console.log(`${here}/`));
