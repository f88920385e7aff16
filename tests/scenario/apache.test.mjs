// Apache with mod_auth_openidc, by the example's own configuration: signing people in, and guarding an API.
import assert from 'node:assert/strict';
import test from 'node:test';
import { apache, apachePort } from '../lib/apache.mjs';
import { authenticated, revoke } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { addApp } from '../lib/cli.mjs';
import { issuer, users } from '../lib/demo.mjs';
import { request } from '../lib/http.mjs';
import { enrol, person } from '../lib/people.mjs';
import { enterCode, signInAt } from '../lib/signin.mjs';

// The application, Apache in front of it, and a program that may ask for tokens for its API.
async function site(t) {
    const port = await apachePort();
    const resource = `https://localhost:${port}/api`;
    const app = await addApp(t, {
        method: 'client_secret_basic', grant: ['authorization_code', 'refresh_token'], scope: ['openid', 'profile'],
        'redirect-uri': `https://localhost:${port}/oidc/callback`, resource, introspection: 'TRUE',
    });
    const program = await addApp(t, {
        method: 'client_secret_basic', grant: 'client_credentials', scope: ['records:read', 'records:write'], 'may-request': resource,
    });
    return { app, program, resource, ...(await apache(t, port, { ...app, resource })) };
}

// Follows the redirects of both sides, as a browser does; Browser.open stops at the issuer's door.
async function visit(browser, url, headers) {
    let answer = await browser.send(url, { headers });
    for (let hops = 0; answer.location && hops < 12; hops++)
        answer = await browser.send(new URL(answer.location, answer.url), { headers });
    return answer;
}

async function signIn(browser, page, user, then = signInAt) {
    const back = await then(browser, page, user);
    assert.ok(back.left, `not back at the application but at ${back.url}: ${back.visible}`);
    return visit(browser, back.left);
}

test('a person signs in at Apache, and the application behind learns who they are and nothing forged', async (t) => {
    const { here, log } = await site(t);
    const user = person(t);
    const browser = new Browser();
    const page = await visit(browser, `${here}/cases?page=2`);
    assert.ok(page.url.startsWith(issuer) && page.has('password'), page.visible);
    const inside = await signIn(browser, page, user);
    assert.equal(inside.status, 200, log());
    const again = await browser.send(`${here}/cases`, { headers: {
        oidc_claim_sub: 'admin', 'oidc-claim-sub': 'admin', OIDC_CLAIM_acr: 'high', 'x-remote-user': 'admin',
    } });
    for (const { path, headers } of [inside.json(), again.json()]) {
        assert.match(path, /^\/cases/);
        assert.ok(headers.oidc_claim_sub);
        assert.equal(headers.oidc_claim_acr, 'low');
        assert.equal(headers['x-remote-user'], headers.oidc_claim_sub);
    }
    assert.equal(inside.json().path, '/cases?page=2', 'back where they wanted to go');
});

test('where two factors are needed, a person with one is sent to show the second', async (t) => {
    const { here, log } = await site(t);
    const user = person(t, { kind: 'staff' });
    const browser = new Browser();
    const first = await signIn(browser, await visit(browser, `${here}/`), user);
    assert.equal(first.json().headers.oidc_claim_acr, 'low', log());
    enrol(user);
    const page = await visit(browser, `${here}/approve`);
    assert.ok(page.url.startsWith(issuer) && page.has('otp') && !page.has('password'), page.visible);
    const second = await signIn(browser, page, user, enterCode);
    assert.equal(second.json().path, '/approve', log());
    assert.equal(second.json().headers.oidc_claim_acr, 'substantial');
});

test('whoever has no second factor does not get behind it', async (t) => {
    const { here } = await site(t);
    const browser = new Browser();
    await signIn(browser, await visit(browser, `${here}/`), person(t));
    const answer = await visit(browser, `${here}/approve`);
    assert.ok(!answer.text.includes('oidc_claim_sub'), answer.text);
});

test('a forged answer of the sign-in is refused', async (t) => {
    const { here } = await site(t);
    const answer = await new Browser().send(`${here}/oidc/callback?code=x&state=y&iss=${encodeURIComponent(issuer)}`);
    assert.ok(answer.status >= 400 || answer.location, String(answer.status));
    assert.ok(!answer.text.includes('oidc_claim'));
});

test('the API lets tokens in that are meant for it, have the scope and hold now', async (t) => {
    const { here, program, resource, log } = await site(t);
    const token = async (scope) => (await authenticated('/token', program, { grant_type: 'client_credentials', scope, resource })).json().access_token;
    const call = (bearer) => request(`${here}/api/records`, bearer ? { headers: { authorization: `Bearer ${bearer}` } } : {});
    const good = await token('records:read');
    const answer = await call(good);
    assert.equal(answer.status, 200, log());
    assert.equal(answer.json().headers['x-remote-user'], program.client_id);
    for (const bad of [undefined, 'x', `${good}A`, await token('records:write')])
        assert.ok([401, 403].includes((await call(bad)).status), String(bad));
    const elsewhere = (await authenticated('/token', program, { grant_type: 'client_credentials', scope: 'records:read' })).json().access_token;
    assert.ok(elsewhere === undefined || [401, 403].includes((await call(elsewhere)).status));
    assert.equal((await revoke(program, good)).status, 200);
    assert.ok([401, 403].includes((await call(good)).status), 'revoked, and refused at once');
});
