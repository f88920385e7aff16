// The web applications of clients/examples: people sign in, are known, sign out; forged answers change nothing.
import assert from 'node:assert/strict';
import test from 'node:test';
import { authenticated } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { addApp } from '../lib/cli.mjs';
import { issuer, root } from '../lib/demo.mjs';
import { copyWithPackages, example } from '../lib/example.mjs';
import { post, request } from '../lib/http.mjs';
import { freePort } from '../lib/own-server.mjs';
import { person } from '../lib/people.mjs';
import { receiver } from '../lib/receiver.mjs';
import { signInAt } from '../lib/signin.mjs';
import { until } from '../lib/wait.mjs';

const register = (t, port, more) => addApp(t, {
    method: 'client_secret_basic', grant: ['authorization_code', 'client_credentials'], scope: ['openid', 'profile'],
    'redirect-uri': `http://127.0.0.1:${port}/callback`, 'post-logout-redirect-uri': `http://127.0.0.1:${port}/`, ...more,
});

const node = async (t, app, port) => example(t, app, port, 'node', ['server.mjs'], copyWithPackages(t, 'node'));
const python = (t, app, port) => example(t, app, port, '/usr/bin/python3', ['clients/examples/python/app.py'], root);

// Follows the redirects of both sides, as a browser does.
async function visit(browser, url) {
    let answer = await browser.send(url);
    for (let hops = 0; answer.location && hops < 12; hops++) answer = await browser.send(new URL(answer.location, answer.url));
    return answer;
}

async function signIn(browser, here, user) {
    const page = await visit(browser, `${here}/sign-in`);
    assert.ok(page.url.startsWith(issuer) && page.has('password'), page.visible);
    const back = await signInAt(browser, page, user);
    assert.ok(back.left, back.visible);
    return { left: back.left, page: await visit(browser, back.left) };
}

for (const [name, start] of Object.entries({ node, python })) {
    test(`${name}: a person signs in, is known, and signs out of both`, async (t) => {
        const port = await freePort();
        const app = await register(t, port);
        const { here, log } = await start(t, app, port);
        const browser = new Browser();
        assert.match((await browser.send(`${here}/`)).visible, /Sign in/);
        const { page } = await signIn(browser, here, person(t));
        assert.match(page.visible, /Signed in: \S+, level low/, log());
        const out = await visit(browser, `${here}/sign-out`);
        assert.equal(new URL(out.url).origin, here, out.visible);
        assert.match(out.visible, /Sign in/);
        assert.ok((await visit(browser, `${here}/sign-in`)).has('password'), 'signed out of Onedoor too');
    });

    test(`${name}: an answer for somebody else's sign-in, a changed one and a second use are refused`, async (t) => {
        const port = await freePort();
        const app = await register(t, port);
        const { here } = await start(t, app, port);
        const browser = new Browser(), victim = new Browser();
        const { left } = await signIn(browser, here, person(t));
        await victim.send(`${here}/sign-in`);
        for (const changed of [left, new URL(String(left).replace(/state=[^&]*/, 'state=x')), new URL(`${here}/callback?code=x`)]) {
            await victim.send(`${here}/sign-in`);
            assert.ok(!/Signed in/.test((await visit(victim, changed)).visible), String(changed));
            assert.match((await victim.send(`${here}/`)).visible, /Sign in/);
        }
    });
}

test('node: the API takes access tokens that are meant for it, and no others', async (t) => {
    const port = await freePort();
    const app = await register(t, port);
    const { here } = await node(t, app, port);
    const { access_token } = (await authenticated('/token', app, { grant_type: 'client_credentials' })).json();
    const call = (bearer) => request(`${here}/api/me`, { headers: bearer ? { authorization: `Bearer ${bearer}` } : {} });
    const answer = await call(access_token);
    assert.equal(answer.status, 200);
    assert.equal(answer.json().sub, app.client_id);
    const other = await register(t, port);
    const foreign = (await authenticated('/token', other, { grant_type: 'client_credentials' })).json().access_token;
    for (const bad of [undefined, 'x', `${access_token}A`, foreign]) assert.equal((await call(bad)).status, 401, String(bad));
});

test('node: when the session ends at Onedoor, it ends at the application', async (t) => {
    const port = await freePort();
    // What stands before the application in life: TLS.
    const front = await receiver(t, { answer: async (req, res) => {
        const answer = await post(`http://127.0.0.1:${port}${req.url}`, front.requests.at(-1).body);
        res.writeHead(answer.status).end();
    } });
    const app = await register(t, port, { 'backchannel-logout-uri': front.uri('backchannel-logout') });
    const { here } = await node(t, app, port);
    const browser = new Browser();
    const { page } = await signIn(browser, here, person(t));
    assert.match(page.visible, /Signed in/);
    for (const bad of ['', 'logout_token=x', 'logout_token=e30.e30.e30'])
        assert.equal((await post(`${here}/backchannel-logout`, bad)).status, 400);
    assert.match((await browser.send(`${here}/`)).visible, /Signed in/);
    let ending = await browser.open('/logout');
    if (ending.forms.some((f) => f.method === 'post')) ending = await browser.submit(ending, {}, { form: ending.forms.find((f) => f.method === 'post') });
    await until('the application has ended its session', async () => /Sign in/.test((await browser.send(`${here}/`)).visible), { within: 10000 });
});
