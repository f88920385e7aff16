import assert from 'node:assert/strict';
import test from 'node:test';
import { authorization } from '../lib/app.mjs';
import { apps, demo } from '../lib/demo.mjs';
import { get, post, request } from '../lib/http.mjs';
import { connection, exchange, head } from '../lib/raw.mjs';
import { sleep, timed } from '../lib/wait.mjs';

const HOST = 'Host: localhost:8443';
const alive = async () => assert.equal((await get('/jwks', { timeout: 3000 })).status, 200);

test('attack 49: heads that come a byte at a time are cut off; others are unaffected', async () => {
    const slow = await Promise.all(Array.from({ length: 100 }, () => connection()));
    const began = Date.now();
    let open = slow.length;
    slow.forEach((c) => c.closed.then(() => (open -= 1)));
    const text = `GET /jwks HTTP/1.1\r\n${HOST}\r\nX-Slow: `;
    slow.forEach((c) => c.socket.write(text));
    while (open > 0 && Date.now() - began < 25000) {
        slow.forEach((c) => c.socket.writable && c.socket.write('a'));
        const { ms } = await timed(alive);
        assert.ok(ms < 2000, `others waited ${ms} ms`);
        await sleep(500);
    }
    slow.forEach((c) => c.socket.destroy());
    assert.equal(open, 0, `${open} are still open after ${Date.now() - began} ms`);
});

test('attack 49: bodies that never end are cut off', async () => {
    const { socket, closed, text } = await connection();
    socket.write(head('POST /token HTTP/1.1', HOST, 'Content-Type: application/x-www-form-urlencoded', 'Content-Length: 1000'));
    const drip = setInterval(() => socket.writable && socket.write('a'), 300);
    const end = await Promise.race([closed, sleep(25000, 'open', { ref: false })]);
    clearInterval(drip);
    socket.destroy();
    assert.notEqual(end, 'open');
    assert.ok(!/^HTTP\/1.1 200/.test(text()));
    await alive();
});

test('attack 49: a head of a megabyte, a target of a megabyte, ten thousand headers', async () => {
    const big = 'x'.repeat(1 << 20);
    const cases = {
        'one header': head('GET /jwks HTTP/1.1', HOST, `X-Big: ${big}`), target: head(`GET /jwks?${big} HTTP/1.1`, HOST), name: head('GET /jwks HTTP/1.1', HOST, `${big}: x`), cookie: head('GET / HTTP/1.1', HOST, `Cookie: a=${big}`),
        'many headers': head('GET /jwks HTTP/1.1', HOST, ...Array.from({ length: 10000 }, (_, i) => `X-${i}: y`)), method: head(`${big} /jwks HTTP/1.1`, HOST),
    };
    for (const [name, bytes] of Object.entries(cases)) {
        const { statuses } = await exchange(bytes, { timeout: 5000 });
        assert.ok(statuses.length <= 1 && statuses.every((s) => s >= 400), `${name}: ${statuses}`);
        await alive();
    }
});

test('attack 49: ten thousand parameters, in the address and in a body', async () => {
    const many = Array.from({ length: 10000 }, (_, i) => `p${i}=v`).join('&');
    for (const [name, run] of Object.entries({
        body: () => post('/token', many), few: () => post('/token', Array.from({ length: 200 }, (_, i) => `p${i}=v`).join('&')),
        ampersands: () => post('/token', '&'.repeat(15000)), equals: () => post('/token', '='.repeat(15000)), query: () => get(`/authorize?${many.slice(0, 7000)}`),
    })) {
        const { ms, value } = await timed(run);
        assert.ok([400, 401, 413, 414, 431].includes(value.status), `${name}: ${value.status}`);
        assert.ok(ms < 2000, `${name}: ${ms} ms`);
    }
});

test('attack 49: names that collide in a hash, and many cookies, cost no time', async () => {
    const colliding = Array.from({ length: 64 }, (_, i) => [...i.toString(2).padStart(6, '0')].map((b) => (b === '1' ? 'Aa' : 'BB')).join('')).map((k) => `${k}=1`).join('&');
    assert.ok((await timed(() => post('/token', colliding))).ms < 1000);
    const cookie = Array.from({ length: 500 }, (_, i) => `c${i}=v`).join('; ');
    const answer = await get('/', { headers: { cookie } });
    assert.ok([200, 303, 400, 431].includes(answer.status));
});

test('attack 49: a body over its limit is refused before it is read', async () => {
    const { statuses } = await exchange(head('POST /token HTTP/1.1', HOST, 'Content-Type: application/x-www-form-urlencoded', 'Content-Length: 1000000000'), { timeout: 4000 });
    assert.deepEqual(statuses, [413]);
    const answer = await post('/token', `a=${'x'.repeat(17 * 1024)}`);
    assert.equal(answer.status, 413);
    const chunk = `1000\r\n${'a'.repeat(4096)}\r\n`;
    const chunked = await exchange(head('POST /token HTTP/1.1', HOST, 'Content-Type: application/x-www-form-urlencoded', 'Transfer-Encoding: chunked') + chunk.repeat(100), { timeout: 5000 });
    assert.ok(chunked.statuses.length <= 1 && chunked.statuses.every((s) => s === 413 || s === 400), String(chunked.statuses));
});

test('attack 49: a body where none belongs', async () => {
    const { statuses } = await exchange(head('GET /jwks HTTP/1.1', HOST, 'Content-Length: 5', 'Connection: close') + 'a=bcd', { timeout: 3000 });
    assert.ok(statuses.length === 1);
    await alive();
});

test('attack 49: a thousand idle connections do not keep others out', async () => {
    const idle = await Promise.all(Array.from({ length: 900 }, () => connection()));
    const { ms } = await timed(alive);
    assert.ok(ms < 2000, `${ms} ms`);
    idle.forEach((c) => c.socket.destroy());
    await sleep(200);
    await alive();
});

test('attack 49: many sign-ins begun and never finished', async () => {
    const answers = await Promise.all(Array.from({ length: 300 }, () => get(authorization(apps.portal).url)));
    assert.ok(answers.every((a) => [303, 503].includes(a.status)), [...new Set(answers.map((a) => a.status))].join());
    for (const answer of answers) if (answer.status === 503) assert.ok(Number(answer.headers['retry-after']) > 0);
    assert.equal((await request(`${demo.management_url}/health`)).status, 200);
});
