// What an application does: sends the browser to /authorize, reads what comes back, redeems it.
import { createHash, randomBytes } from 'node:crypto';
import { apps, httpsRedirect, issuer } from './demo.mjs';
import { basic, post } from './http.mjs';

export const random = (bytes = 24) => randomBytes(bytes).toString('base64url');

export const challengeOf = (verifier) => createHash('sha256').update(verifier).digest('base64url');

/*
 * A request of the application for a code: { app, verifier, redirect_uri, state, nonce, url }. `changes` replaces
 * parameters of the address; undefined leaves one out.
 */
export function authorization(app, changes = {}) {
    const verifier = random(32);
    const values = {
        response_type: 'code',
        client_id: app.client_id,
        redirect_uri: httpsRedirect(app) ?? app.redirect_uris[0],
        scope: 'openid profile',
        state: random(),
        nonce: random(),
        code_challenge: challengeOf(verifier),
        code_challenge_method: 'S256',
        ...changes,
    };
    const query = new URLSearchParams(Object.entries(values).filter(([, v]) => v !== undefined));
    return { app, verifier, ...values, url: `${issuer}/authorize?${query}` };
}

// What came back to the redirect address, as an object.
export const callback = (url) => Object.fromEntries(new URL(url).searchParams);

// A post with the application's own proof: Basic, in the form, or the bare client_id of a public one.
export function authenticated(path, app, values, options = {}) {
    if (!app.client_secret) return post(path, { client_id: app.client_id, ...values }, options);
    if (app.method === 'client_secret_post')
        return post(path, { client_id: app.client_id, client_secret: app.client_secret, ...values }, options);
    const headers = { authorization: basic(app.client_id, app.client_secret), ...options.headers };
    return post(path, values, { ...options, headers });
}

export const redeem = (asked, code, changes = {}, options) =>
    authenticated('/token', asked.app, {
        grant_type: 'authorization_code',
        code,
        redirect_uri: asked.redirect_uri,
        code_verifier: asked.verifier,
        ...changes,
    }, options);

export const refresh = (app, refresh_token, changes = {}, options) =>
    authenticated('/token', app, { grant_type: 'refresh_token', refresh_token, ...changes }, options);

export const introspect = (token, options, by = apps.resource) =>
    authenticated('/introspect', by, { token }, options);

export const isActive = async (token, options, by) => {
    const answer = await introspect(token, options, by);
    if (answer.status !== 200) throw new Error(`introspection answered ${answer.status}: ${answer.text}`);
    return answer.json().active;
};

export const revoke = (app, token, options) => authenticated('/revoke', app, { token }, options);

export const decode = (jwt) => {
    const [header, payload] = jwt.split('.').slice(0, 2).map((p) => JSON.parse(Buffer.from(p, 'base64url')));
    return { header, payload };
};
