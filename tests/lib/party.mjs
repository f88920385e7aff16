// Applications built on openid-client, every check of it switched on.
import * as client from 'openid-client';
import { Browser } from './browser.mjs';
import { httpsRedirect, issuer } from './demo.mjs';
import { allow, signInAt } from './signin.mjs';

export { client };

const proof = (app) => (app.client_secret ? client.ClientSecretBasic(app.client_secret) : client.None());

// Discovery by itself; ID tokens' signatures are checked too, which the code flow would let one leave out.
export async function discover(app, metadata = {}, by = proof(app)) {
    return client.discovery(new URL(issuer), app.client_id, metadata, by, {
        execute: [client.enableNonRepudiationChecks],
    });
}

// The address to send the browser to, and the checks to do on what comes back.
export async function ask(config, app, parameters = {}) {
    const verifier = client.randomPKCECodeVerifier();
    const checks = {
        pkceCodeVerifier: verifier,
        expectedState: client.randomState(),
        expectedNonce: client.randomNonce(),
        idTokenExpected: true,
    };
    const url = client.buildAuthorizationUrl(config, {
        redirect_uri: httpsRedirect(app) ?? app.redirect_uris[0],
        scope: 'openid profile',
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state: checks.expectedState,
        nonce: checks.expectedNonce,
        ...parameters,
    });
    return { url, checks };
}

// The whole way: { config, browser, tokens }.
export async function enterAs(app, user, { parameters, tokenParameters, browser = new Browser(), config } = {}) {
    config ??= await discover(app);
    const { url, checks } = await ask(config, app, parameters);
    let page = await browser.open(url);
    if (!page.left && page.has('username')) page = await signInAt(browser, page, user);
    if (!page.left && page.has('decision')) page = await browser.submit(page, {}, allow(page));
    if (!page.left) throw new Error(`not back at the application but at ${page.url} (${page.status}): ${page.visible}`);
    const tokens = await client.authorizationCodeGrant(config, page.left, checks, tokenParameters);
    return { config, browser, tokens };
}
