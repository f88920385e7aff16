// Applications are told when a session ends, whatever became of the network, the server or the receivers.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { decode } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { addApp, must, onedoor, setApp } from '../lib/cli.mjs';
import { binary, demo, users } from '../lib/demo.mjs';
import { get, request } from '../lib/http.mjs';
import { ownServer } from '../lib/own-server.mjs';
import { disable, person } from '../lib/people.mjs';
import { frozen, healthy, isRunning, killed, logOf, restart } from '../lib/processes.mjs';
import { receiver, told, trusted, verified } from '../lib/receiver.mjs';
import { tokensFor } from '../lib/signin.mjs';
import { sleep, until } from '../lib/wait.mjs';

const needsTwin = { skip: demo.twin_plain_url ? false : 'the demo runs without --twin' };

const web = (uri, more) => ({
    method: 'client_secret_basic', grant: 'authorization_code', scope: ['openid', 'profile'],
    'redirect-uri': 'https://localhost:9443/told/callback', 'backchannel-logout-uri': uri, ...more,
});

// An application that is told at the receiver under the name.
const listening = (t, at, name, more) => addApp(t, web(at.uri(name), more), 'told');

const signOut = (browser, id_token) => browser.open(`/logout?id_token_hint=${id_token}`);
const sidOf = ({ id_token }) => decode(id_token).payload.sid;
const subOf = ({ id_token }) => decode(id_token).payload.sub;

// Waits as long as a courier needs to come by several times: what was queued would have arrived.
const nobodyComes = () => sleep(1500);

const logs = () => logOf('onedoor-main') + (demo.twin_plain_url ? logOf('onedoor-twin') : '');
const complaint = (app, log = logs) =>
    until(`a line about ${app.client_id}`, () =>
        log().split('\n').find((line) => line.includes('logout.not_delivered') && line.includes(app.client_id)),
    { within: 15000 });

test('discovery says that it is done', async () => {
    const metadata = (await get('/.well-known/openid-configuration')).json();
    assert.equal(metadata.backchannel_logout_supported, true);
    assert.equal(metadata.backchannel_logout_session_supported, true);
});

test('a sign-out tells every application of the session, each with a token of its own, and no other', async (t) => {
    const at = await receiver(t);
    const one = await listening(t, at, 'one');
    const two = await listening(t, at, 'two', { 'id-token-alg': 'RS256' });
    const elsewhere = await listening(t, at, 'elsewhere');
    const browser = new Browser();
    const first = await tokensFor(browser, one, users.citizen);
    const second = await tokensFor(browser, two, users.citizen);
    await tokensFor(new Browser(), elsewhere, users.citizen);
    await signOut(browser, first.id_token);
    const claims = [await told(at, 'one', one), await told(at, 'two', two)];
    assert.deepEqual(claims.map((c) => c.sid), [sidOf(first), sidOf(second)]);
    assert.deepEqual(claims.map((c) => c.sub), [subOf(first), subOf(second)]);
    assert.deepEqual(claims.map((c) => c.alg), ['ES256', 'RS256']);
    assert.notEqual(claims[0].jti, claims[1].jti);
    await nobodyComes();
    assert.equal(at.requests.length, 2, 'once each, and the other session lives');
});

test('applications entered all at once: not one is forgotten', async (t) => {
    const at = await receiver(t);
    const names = Array.from({ length: 8 }, (_, i) => `at-once-${i}`);
    const many = await Promise.all(names.map((name) => listening(t, at, name)));
    const browser = new Browser();
    const first = await tokensFor(browser, many[0], users.citizen);
    await Promise.all(many.slice(1).map((app) => tokensFor(browser, app, users.citizen)));
    await signOut(browser, first.id_token);
    for (const [i, app] of many.entries()) assert.equal((await told(at, names[i], app)).sid, sidOf(first));
});

test('the same person signs in again: their applications are told when that session ends, by the sid they know', async (t) => {
    const at = await receiver(t);
    const [one, two] = [await listening(t, at, 'one'), await listening(t, at, 'two')];
    const user = person(t);
    const browser = new Browser();
    const first = await tokensFor(browser, one, user);
    const second = await tokensFor(browser, two, user, { prompt: 'login' });
    assert.notEqual(sidOf(first), sidOf(second));
    await nobodyComes();
    assert.equal(at.requests.length, 0);
    await signOut(browser, second.id_token);
    assert.equal((await told(at, 'one', one)).sid, sidOf(first));
    assert.equal((await told(at, 'two', two)).sid, sidOf(second));
});

test('another person signs in in the same browser: the applications of the one before are told', async (t) => {
    const at = await receiver(t);
    const one = await listening(t, at, 'one');
    const browser = new Browser();
    const first = await tokensFor(browser, one, person(t));
    const second = await tokensFor(browser, one, person(t), { prompt: 'login' });
    assert.equal((await told(at, 'one', one)).sid, sidOf(first));
    await nobodyComes();
    assert.equal(at.requests.length, 1);
    await signOut(browser, second.id_token);
    await until('the second one, too', () => at.tokens('one').length === 2);
    assert.equal((await verified(at.tokens('one')[1], one)).sid, sidOf(second));
});

test('a disabled account: its applications are told', async (t) => {
    const at = await receiver(t);
    const one = await listening(t, at, 'one');
    const user = person(t);
    const browser = new Browser();
    const first = await tokensFor(browser, one, user);
    disable(user);
    await browser.open('/account');
    assert.equal((await told(at, 'one', one)).sid, sidOf(first));
});

test('an administrator signs a person out: all their sessions end, and all applications are told', async (t) => {
    const at = await receiver(t);
    const one = await listening(t, at, 'one');
    const user = person(t);
    const sids = [];
    for (const browser of [new Browser(), new Browser()]) sids.push(sidOf(await tokensFor(browser, one, user)));
    const other = await tokensFor(new Browser(), one, person(t));
    assert.equal(must('account', 'sign-out', user.username), 'sessions_ended=2\n');
    await until('both are told', () => at.tokens('one').length === 2);
    const told = await Promise.all(at.tokens('one').map((token) => verified(token, one)));
    assert.deepEqual(told.map((c) => c.sid).sort(), sids.sort());
    assert.ok(!told.some((c) => c.sid === sidOf(other)));
    assert.equal(must('account', 'sign-out', user.username), 'sessions_ended=0\n');
    assert.notEqual(onedoor('account', 'sign-out', 'nobody-of-that-name').status, 0);
});

test('a receiver that is down is told when it is back, by a token that is fresh', async (t) => {
    const at = await receiver(t);
    const one = await listening(t, at, 'one');
    const browser = new Browser();
    const first = await tokensFor(browser, one, users.citizen);
    await at.stop();
    await signOut(browser, first.id_token);
    assert.match(await complaint(one), /again_in=/);
    const back = await receiver(t, { port: at.port });
    assert.equal((await told(back, 'one', one, { within: 40000 })).sid, sidOf(first));
});

test('a refusal is believed the third time', async (t) => {
    const at = await receiver(t, { answer: (req, res) => res.writeHead(400).end('{"error":"invalid_request"}') });
    const one = await listening(t, at, 'one');
    const browser = new Browser();
    await signOut(browser, (await tokensFor(browser, one, users.citizen)).id_token);
    await until('it is given up', () => logs().split('\n').some((l) => l.includes('logout.given_up') && l.includes(one.client_id)), { within: 40000 });
    const tokens = at.tokens('one');
    assert.equal(tokens.length, 3);
    const ids = await Promise.all(tokens.map(async (token) => (await verified(token, one)).jti));
    assert.equal(new Set(ids).size, 3, 'each attempt has its own');
});

test('an address that changed meanwhile is the one that counts', async (t) => {
    const at = await receiver(t, { answer: (req, res) => res.writeHead(req.url === '/old' ? 503 : 204).end() });
    const one = await listening(t, at, 'old');
    const browser = new Browser();
    await signOut(browser, (await tokensFor(browser, one, users.citizen)).id_token);
    await until('the old address was tried', () => at.tokens('old').length > 0);
    setApp(one, { 'backchannel-logout-uri': at.uri('new') });
    await told(at, 'new', one, { within: 40000 });
});

// A CA that nobody trusts, for a server of the same address.
function stranger(t) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'onedoor-ca-'));
    t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
    const done = spawnSync(binary, ['local-ca', folder, '127.0.0.1'], { encoding: 'utf8' });
    assert.equal(done.status, 0, done.stderr);
    const read = (name) => fs.readFileSync(path.join(folder, name));
    return { cert: read('server.pem'), key: read('server.key') };
}

// 200, and then bytes until the other side has had enough.
function endless(req, res) {
    res.writeHead(200);
    const more = () => {
        while (!res.destroyed && res.write('x'.repeat(16384)));
    };
    res.on('drain', more).on('error', () => {});
    more();
}

test('receivers of every bad kind: refused, tried again later, and no harm to one that is well', async (t) => {
    const target = await receiver(t);
    const bad = {
        redirect: { answer: (req, res) => res.writeHead(307, { location: target.uri('stolen') }).end() },
        endless: { answer: endless },
        slow: { answer: () => {} },
        stranger: { identity: stranger(t) },
        gone: { answer: (req, res) => res.writeHead(404).end() },
        reset: { answer: (req, res) => res.destroy() },
    };
    const why = {
        redirect: /status=307.*redirects are not followed/, endless: /too long/, slow: /[Tt]imeout/,
        stranger: /certificate/, gone: /status=404/, reset: /not_delivered/, nowhere: /private/,
    };
    const apps = { well: await listening(t, target, 'well') };
    const at = {};
    for (const [name, options] of Object.entries(bad)) {
        at[name] = await receiver(t, options);
        apps[name] = await listening(t, at[name], name);
    }
    // No machine has this address; Linux takes it for itself, whatever is allowed.
    apps.nowhere = await addApp(t, web(`https://0.0.0.0:${target.port}/nowhere`), 'told');
    const browser = new Browser();
    let last;
    for (const app of Object.values(apps)) last = await tokensFor(browser, app, users.citizen);
    await signOut(browser, last.id_token);
    await told(target, 'well', apps.well);
    for (const name of Object.keys(why)) assert.match(await complaint(apps[name]), why[name], name);
    assert.deepEqual(at.stranger.requests, [], 'nothing is sent before the certificate is verified');
    assert.equal(target.tokens('stolen').length, 0);
    assert.equal(target.tokens('nowhere').length, 0);
    const again = await tokensFor(browser, apps.well, users.citizen);
    await signOut(browser, again.id_token);
    await until('the next sign-out is told as well', () => target.tokens('well').length === 2);
});

test('plain http is no address that can be registered', () => {
    const done = onedoor('app', 'add', 'told-plainly', 'name=Plain', 'method=client_secret_basic', 'grant=authorization_code',
        'scope=openid', 'redirect-uri=https://localhost:9443/x', 'backchannel-logout-uri=http://127.0.0.1:9/x');
    if (done.status === 0) onedoor('app', 'remove', 'told-plainly');
    assert.notEqual(done.status, 0);
    assert.match(done.err, /backchannel-logout-uri/);
});

const bothFrozen = (run) => frozen('onedoor-main', () => (demo.twin_plain_url ? frozen('onedoor-twin', run) : run()));

test('private addresses only where the setting allows them', async (t) => {
    const at = await receiver(t);
    const one = await listening(t, at, 'one');
    const strict = await ownServer(t, { 'backchannel.allow_private': 'no' });
    const browser = new Browser({ via: strict.via });
    const first = await tokensFor(browser, one, person(t));
    await bothFrozen(async () => {
        await signOut(browser, first.id_token);
        assert.match(await complaint(one, strict.log), /private/);
        assert.equal(at.requests.length, 0);
    });
    await strict.stop();
    await told(at, 'one', one, { within: 40000 });
});

test('a proxy that the environment names is not used', async (t) => {
    let asked = 0;
    const proxy = net.createServer((socket) => { asked++; socket.destroy(); }).listen(0, '127.0.0.1');
    t.after(() => proxy.close());
    await new Promise((resolve) => proxy.once('listening', resolve));
    const at = await receiver(t);
    const one = await listening(t, at, 'one');
    const url = `http://127.0.0.1:${proxy.address().port}`;
    const own = await ownServer(t, {}, { env: { https_proxy: url, HTTPS_PROXY: url, all_proxy: url, ALL_PROXY: url } });
    const browser = new Browser({ via: own.via });
    const first = await tokensFor(browser, one, person(t));
    await bothFrozen(async () => {
        await signOut(browser, first.id_token);
        await until('it is told', () => at.tokens('one').length === 1);
    });
    assert.equal(asked, 0);
});

test('a stop does not wait for deliveries, and what was under way is done by the other', async (t) => {
    const held = [];
    const at = await receiver(t, { answer: (req, res) => (held.length < 1 ? held.push(res) : res.writeHead(200).end()) });
    const one = await listening(t, at, 'one');
    const own = await ownServer(t, { 'backchannel.request_ms': 60000 });
    const browser = new Browser({ via: own.via });
    const first = await tokensFor(browser, one, person(t));
    await bothFrozen(async () => {
        await signOut(browser, first.id_token);
        await until('it is under way', () => held.length === 1);
        const began = Date.now();
        await own.stop();
        assert.ok(Date.now() - began < 12000, 'not the 60 seconds that the receiver may take');
    });
    await until('another server has told it', () => at.tokens('one').length === 2, { within: 5000 });
});

test('a server killed while it tells: the other does it when the lease is over', needsTwin, async (t) => {
    const held = [];
    const at = await receiver(t, { answer: (req, res) => (held.length < 1 ? held.push(res) : res.writeHead(200).end()) });
    const one = await listening(t, at, 'one');
    const browser = new Browser();
    const first = await tokensFor(browser, one, users.citizen);
    t.after(restart);
    await frozen('onedoor-twin', async () => {
        await signOut(browser, first.id_token);
        await until('it is under way', () => held.length === 1);
        await killed('onedoor-main');
    });
    assert.ok(isRunning('onedoor-twin'));
    await until('the twin has told it', () => at.tokens('one').length === 2, { within: 40000 });
    const [a, b] = at.tokens('one').map((token) => decode(token).payload);
    assert.equal(a.sid, b.sid);
    assert.notEqual(a.jti, b.jti);
    restart();
    await healthy(10000);
});

test('the metrics tell how many were told, failed and wait', async () => {
    const text = (await request(`${demo.management_url}/metrics`)).text;
    for (const name of ['logouts_delivered_total', 'logouts_failed_total', 'logouts_given_up_total', 'logouts_waiting'])
        assert.match(text, new RegExp(`^onedoor_${name} \\d+$`, 'm'), name);
});
