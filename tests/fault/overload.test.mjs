// More is asked than the server can do: who asks most is refused, early and clearly; all else goes on.
import assert from 'node:assert/strict';
import test from 'node:test';
import { authenticated, authorization, isActive } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { apps, users } from '../lib/demo.mjs';
import { request } from '../lib/http.mjs';
import { ownServer } from '../lib/own-server.mjs';
import { frozen, healthy } from '../lib/processes.mjs';
import { connection } from '../lib/raw.mjs';
import { signedIn } from '../lib/signin.mjs';
import { until } from '../lib/wait.mjs';

const { portal, resource, service } = apps;
const { citizen } = users;
const password = { username: citizen.username, password: citizen.password };

async function door(via, source) {
    const browser = new Browser({ via, source });
    return { browser, page: await browser.open(authorization(portal).url) };
}

// Some at a time, so that the door itself sheds nobody.
async function doors(via, sources) {
    const all = [];
    for (const source of sources) all.push(await door(via, source));
    return all;
}

const liveToken = async (at) => (await signedIn(portal, citizen, { ...at, redeem: { resource: resource.resource } })).access_token;

function assertShed(answer) {
    assert.equal(answer.status, 503, answer.text.slice(0, 300));
    assert.ok(Number(answer.headers['retry-after']) > 0, 'no Retry-After');
}

async function shedCount(server) {
    const { text } = await request(`${server.management}/metrics`);
    return Number(/^onedoor_requests_shed_total (\d+)/m.exec(text)[1]);
}

test('a greedy address makes room for others in the queue', async (t) => {
    await healthy();
    const server = await ownServer(t, { 'server.io_threads': '1', 'server.tasks': '2', 'server.queue': '8', 'server.queue_ms': '60000' });
    const at = { via: server.via };
    const token = await liveToken(at);
    const greedy = await doors(server.via, Array(30).fill('127.8.0.1'));
    // By chance one of them may share the line of the greedy one.
    const honest = await doors(server.via, ['127.8.1.1', '127.8.2.1', '127.8.3.1', '127.8.4.1']);
    let storm, others;
    await frozen('slapd', async () => {
        storm = greedy.map(({ browser, page }) => browser.post(page, password));
        await until('what has no place is refused', async () => (await shedCount(server)) >= 20);
        const before = await shedCount(server);
        others = honest.map(({ browser, page }) => browser.post(page, password));
        await until('others have a place', async () => (await shedCount(server)) >= before + 4);
        assert.equal(await isActive(token, at), true);
    });
    const answers = await Promise.all(others);
    const refused = answers.filter((a) => a.status === 503);
    assert.ok(refused.length <= 1, `${refused.length} of 4 others were refused`);
    (await Promise.all(storm)).filter((a) => a.status === 503).forEach(assertShed);
    assert.equal(await isActive(token, at), true);
});

test('a storm of passwords and of tokens: shed with Retry-After, and nobody hears a wrong word', async (t) => {
    await healthy();
    const changes = { 'server.io_threads': '1', 'server.tasks': '1', 'server.queue': '4', 'server.queue_ms': '60000' };
    const server = await ownServer(t, changes);
    const at = { via: server.via };
    const token = await until('somebody gets in', () => liveToken(at), { within: 20000 });
    const ask = () => authenticated('/token', service, { grant_type: 'client_credentials' }, at);
    const enter = () => request(authorization(portal).url, at);
    const storm = Promise.all(Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? ask() : enter())));
    for (let i = 0; i < 50; i++) assert.equal(await isActive(token, at), true);
    const answers = await storm;
    for (const answer of answers) if (![200, 303].includes(answer.status)) assertShed(answer);
    assert.ok(answers.some((a) => a.status === 503), 'nothing was shed');
    assert.ok(answers.some((a) => a.status !== 503), 'everything was shed');
    await until('all is well again', async () => (await ask()).status === 200);
});

test('slow clients and a greedy address take no place of others', async (t) => {
    const server = await ownServer(t, { 'server.connections': '400', 'server.connections_per_source': '50' });
    const at = { via: server.via };
    const token = await liveToken(at);
    const place = new URL(server.via);
    const crowd = (await Promise.allSettled(Array.from({ length: 300 }, () => connection(place)))).filter((c) => c.status === 'fulfilled');
    for (const { value } of crowd) value.socket.write('POST /introspect HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    const others = { ...at, source: '127.8.5.1' };
    for (let i = 0; i < 50; i++) assert.equal(await isActive(token, others), true);
    crowd.forEach(({ value }) => value.socket.destroy());
});
