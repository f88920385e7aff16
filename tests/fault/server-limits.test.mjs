// Disk full, descriptors gone, servers killed.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import test from 'node:test';
import { authenticated, authorization, callback, isActive, redeem } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { apps, users } from '../lib/demo.mjs';
import { get } from '../lib/http.mjs';
import { ownServer } from '../lib/own-server.mjs';
import { connection } from '../lib/raw.mjs';
import { inTime } from '../lib/sleepers.mjs';
import { enter, isSignedOut, signedIn } from '../lib/signin.mjs';
import { until } from '../lib/wait.mjs';

const { portal, resource, service } = apps;
const { citizen } = users;

test('no space for the audit log: the server does not even start', async (t) => {
    const server = await ownServer(t, { 'server.audit_file': '/dev/full' }, { wait: false });
    const code = await Promise.race([server.exited, new Promise((r) => setTimeout(() => r('it runs'), 8000))]);
    assert.ok(typeof code === 'number' && code !== 0, `${code} ${server.log()}`);
    assert.match(server.log(), /audit/);
});

test('no space for the audit log later: no sign-in, no token, said clearly; and again when there is', async (t) => {
    const server = await ownServer(t);
    const at = { via: server.via };
    const live = await signedIn(portal, citizen, { ...at, redeem: { resource: resource.resource } });
    const { asked, returned } = await enter(new Browser(at), portal, citizen);
    const browser = new Browser(at);
    const page = await browser.open(authorization(portal).url);

    // The (soft) file-size limit of the process stands for the full disk: each write to the log fails.
    const size = fs.statSync(server.audit).size;
    execFileSync('prlimit', ['--pid', String(server.pid), `--fsize=${size}:`]);
    const refused = await browser.post(page, { username: citizen.username, password: citizen.password });
    assert.equal(refused.status, 503, refused.visible);
    assert.ok(await isSignedOut(browser));
    assert.equal((await redeem(asked, returned.code, {}, at)).status, 503);
    assert.equal((await authenticated('/token', service, { grant_type: 'client_credentials' }, at)).status, 503);
    assert.equal(await isActive(live.access_token, at), true, 'what grants nothing goes on');
    assert.equal(server.child.exitCode, null, 'the server lives');

    execFileSync('prlimit', ['--pid', String(server.pid), '--fsize=unlimited:']);
    await until('sign-in works again', async () => (await browser.submit(await browser.open(authorization(portal).url), { username: citizen.username, password: citizen.password })).left, { within: 5000 });
    for (const line of fs.readFileSync(server.audit, 'utf8').trim().split('\n').slice(-1)) JSON.parse(line);
});

test('out of descriptors: nobody is answered wrongly, and within five seconds all is well', async (t) => {
    const server = await ownServer(t);
    const at = { via: server.via };
    const live = await signedIn(portal, citizen, { ...at, redeem: { resource: resource.resource } });
    const used = fs.readdirSync(`/proc/${server.pid}/fd`).length;
    execFileSync('prlimit', ['--pid', String(server.pid), `--nofile=${used + 4}:`]);
    const place = new URL(server.via);
    const crowd = (await Promise.allSettled(Array.from({ length: 60 }, () => connection(place)))).filter((c) => c.status === 'fulfilled').map((c) => c.value);
    const answers = await Promise.allSettled(Array.from({ length: 10 }, () => get('/jwks', { ...at, timeout: 3000 })));
    for (const { value } of answers) if (value) assert.ok([200, 503].includes(value.status), String(value.status));
    crowd.forEach((c) => c.socket.destroy());
    execFileSync('prlimit', ['--pid', String(server.pid), '--nofile=4096:']);
    await until('it answers again', () => isActive(live.access_token, { ...at, timeout: 2000 }), { within: 5000 });
    assert.ok((await signedIn(portal, citizen, at)).id_token);
    assert.equal(server.child.exitCode, null);
});

test('a queue that is full says 503 at once, and what is in it is served', async (t) => {
    const server = await ownServer(t, { 'server.io_threads': '1', 'server.tasks': '1', 'server.queue': '2' });
    const at = { via: server.via };
    const answers = await Promise.all(Array.from({ length: 60 }, () => get(authorization(portal).url, at)));
    const statuses = [...new Set(answers.map((a) => a.status))].sort();
    assert.ok(statuses.every((s) => [303, 503].includes(s)), statuses.join());
    assert.ok(statuses.includes(303));
    for (const answer of answers) if (answer.status === 503) assert.ok(Number(answer.headers['retry-after']) > 0);
    assert.equal((await inTime(() => get('/jwks', at), 'the keys')).status, 200);
});

test('a server killed in the middle of a crowd: what it said holds, and nothing succeeds twice', async (t) => {
    const server = await ownServer(t);
    const at = { via: server.via };
    const codes = await Promise.all(Array.from({ length: 12 }, () => enter(new Browser(at), portal, citizen)));
    const first = Promise.allSettled(codes.map(({ asked, returned }) => redeem(asked, returned.code, {}, at)));
    server.child.kill('SIGKILL');
    const before = (await first).map((a) => a.status === 'fulfilled' && a.value.status === 200);
    const second = await Promise.all(codes.map(({ asked, returned }) => redeem(asked, returned.code)));
    second.forEach((answer, i) => assert.ok(!(before[i] && answer.status === 200), 'the same code twice'));
    const { left } = await enter(new Browser(), portal, citizen);
    assert.ok(callback(left).code);
});

test('told to stop, it finishes what runs and ends cleanly', async (t) => {
    const server = await ownServer(t);
    const at = { via: server.via };
    const running = Array.from({ length: 20 }, () => get(authorization(portal).url, at));
    await running[0];
    server.child.kill('SIGTERM');
    await Promise.allSettled(running);
    assert.equal(await server.exited, 0, server.log());
});
