import assert from 'node:assert/strict';
import http from 'node:http';
import test from 'node:test';
import { authorization, callback, decode, redeem } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { apps, issuer, users } from '../lib/demo.mjs';
import { get } from '../lib/http.mjs';
import { deny, enter, signInAt } from '../lib/signin.mjs';
import { person } from '../lib/people.mjs';

const { portal, spa } = apps;

test('attack 7: every answer bears iss, a code as well as each error', async (t) => {
    const { returned } = await enter(new Browser(), portal, users.citizen);
    assert.equal(returned.iss, issuer);
    for (const changes of [{ response_type: 'token' }, { prompt: 'none' }, { scope: 'nonsense' }, { code_challenge: 'x' }, { max_age: '-1' },
        { request: 'x' }, { request_uri: 'https://a.example/' }, { resource: 'https://none.example/' }]) {
        const error = callback((await new Browser().open(authorization(portal, changes).url)).left);
        assert.ok(error.error, JSON.stringify(changes));
        assert.equal(error.iss, issuer, JSON.stringify(changes));
    }
    const browser = new Browser();
    const page = await signInAt(browser, await browser.open(authorization(spa).url), person(t));
    assert.equal(callback((await browser.submit(page, {}, deny(page))).left).iss, issuer);
});

test('attack 7: state and nonce come back byte for byte, whatever is in them', async () => {
    const strange = ['a b&c=d#e%f+g', '"><script>alert(1)</script>', '状态 ✓', "';--", '%0d%0aX: y', 'x'.repeat(500)];
    for (const value of strange) {
        const { asked, returned, left } = await enter(new Browser(), portal, users.citizen, { state: value, nonce: value });
        assert.equal(returned.state, value);
        assert.ok(!/[\s<>"]/.test(left.search), left.search);
        assert.equal(decode((await redeem(asked, returned.code)).json().id_token).payload.nonce, value);
    }
});

test('attack 7: what is over its limit is refused', async () => {
    const long = 'x'.repeat(4000);
    for (const changes of [{ state: long }, { nonce: long }]) {
        const answer = await get(authorization(portal, changes).url);
        const error = answer.location ? callback(answer.location).error : answer.status;
        assert.ok(error === 'invalid_request' || error >= 400, String(error));
        assert.ok(!(answer.location ?? '').includes(long));
    }
});

test('attack 8: after credentials are posted the browser is sent on by 303', async () => {
    for (const response_mode of ['query', 'form_post']) {
        const browser = new Browser();
        const page = await browser.open(authorization(portal, { response_mode }).url);
        const answer = await browser.post(page, { username: users.citizen.username, password: users.citizen.password });
        assert.equal(answer.status, 303);
        let next = answer;
        while (next.location && new URL(next.location, next.url).origin === issuer) {
            next = await browser.send(new URL(next.location, next.url));
            assert.ok([200, 303].includes(next.status), `${next.url}: ${next.status}`);
        }
    }
});

test('attack 9: a request_uri is refused, and nobody goes out to look at it', async (t) => {
    let visits = 0;
    const server = http.createServer((_, res) => res.end(String((visits += 1)))).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    t.after(() => server.close());
    const { port } = server.address();
    for (const request_uri of [`http://127.0.0.1:${port}/r`, `https://localhost:${port}/r`, `http://localhost:${port}/r#x`, 'file:///etc/passwd',
        `ldap://127.0.0.1:${port}/`, `HTTP://127.0.0.1:${port}/`, '//127.0.0.1/x']) {
        const answer = await get(authorization(portal, { request_uri }).url);
        assert.equal(callback(answer.location).error, 'request_uri_not_supported', request_uri);
    }
    assert.equal(callback((await get(authorization(portal, { request: 'eyJhbGciOiJub25lIn0.e30.' }).url)).location).error, 'request_not_supported');
    for (const registered of ['registration', 'claims']) {
        const answer = await get(authorization(portal, { [registered]: JSON.stringify({ jwks_uri: `http://127.0.0.1:${port}/` }) }).url);
        assert.ok(answer.location);
    }
    assert.equal(visits, 0);
});

test('attack 10: there are no pushed requests, so none is taken', async () => {
    const answer = await get(authorization(portal, { request_uri: 'urn:ietf:params:oauth:request_uri:6esc_11ACC5bwc014ltc14eY22c' }).url);
    assert.equal(callback(answer.location).error, 'request_uri_not_supported');
    assert.equal((await get('/.well-known/openid-configuration')).json().pushed_authorization_request_endpoint, undefined);
    for (const path of ['/par', '/as/par', '/request']) assert.equal((await get(path)).status, 404);
});
