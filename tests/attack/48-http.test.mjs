import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';
import { authorization } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { apps, demo, issuer, state } from '../lib/demo.mjs';
import { get, request } from '../lib/http.mjs';
import { exchange, head } from '../lib/raw.mjs';

const HOST = 'Host: localhost:8443';
const form = 'Content-Type: application/x-www-form-urlencoded';
const smuggled = `GET /.well-known/openid-configuration HTTP/1.1\r\n${HOST}\r\n\r\n`;

// Refused, and then the connection is closed: what follows is never answered as a request. (libmicrohttpd writes its
// own refusal of a malformed length twice.)
async function refused(name, bytes) {
    const { statuses, closed, text } = await exchange(bytes, { timeout: 4000, quiet: 1500 });
    assert.ok(statuses.length <= 2 && statuses.every((s) => s >= 400 && s < 600), `${name}: ${text.slice(0, 400)}`);
    assert.ok(closed, `${name}: the connection stays open`);
}

const post = (...headers) => head('POST /token HTTP/1.1', HOST, form, ...headers);

test('attack 48: a body whose end is ambiguous', async () => {
    const cases = {
        'length and encoding': post('Content-Length: 5', 'Transfer-Encoding: chunked') + '0\r\n\r\n' + smuggled,
        'encoding and length': post('Transfer-Encoding: chunked', 'Content-Length: 5') + '0\r\n\r\n' + smuggled,
        'two lengths': post('Content-Length: 0', `Content-Length: ${smuggled.length}`) + smuggled,
        'two equal lengths': post('Content-Length: 3', 'Content-Length: 3') + 'a=b' + smuggled,
        'a list of lengths': post('Content-Length: 3, 3') + 'a=b' + smuggled,
        'plus': post('Content-Length: +5') + 'a=b&c' + smuggled,
        minus: post('Content-Length: -1') + smuggled,
        hex: post('Content-Length: 0x3') + 'a=b' + smuggled,
        'a point': post('Content-Length: 3.0') + 'a=b' + smuggled,
        'a space inside': post('Content-Length: 3 3') + 'a=b' + smuggled,
        'empty length': post('Content-Length: ') + smuggled,
        'too large': post('Content-Length: 99999999999999999999999') + 'a=b' + smuggled,
        'space before the colon': post('Content-Length : 3') + 'a=b' + smuggled,
        'encoding with a space before the colon': post('Transfer-Encoding : chunked') + '0\r\n\r\n' + smuggled,
        'encoding twice': post('Transfer-Encoding: chunked', 'Transfer-Encoding: identity') + '0\r\n\r\n' + smuggled,
        'gzip, chunked': post('Transfer-Encoding: gzip, chunked') + '0\r\n\r\n' + smuggled,
        xchunked: post('Transfer-Encoding: xchunked') + '0\r\n\r\n' + smuggled,
        'chunked with a tab': post('Transfer-Encoding:\tchunked\u000b') + '0\r\n\r\n' + smuggled,
        identity: post('Transfer-Encoding: identity') + smuggled,
        'folded line': post('Transfer-Encoding:', ' chunked') + '0\r\n\r\n' + smuggled,
        'folded length': post('Content-Length: 3', ' 0') + 'a=b' + smuggled,
        'in HTTP/1.0': head('POST /token HTTP/1.0', HOST, form, 'Transfer-Encoding: chunked') + '0\r\n\r\n' + smuggled,
    };
    for (const [name, bytes] of Object.entries(cases)) await refused(name, bytes);
});

test('attack 48: chunks that are not what they say', async () => {
    const chunked = post('Transfer-Encoding: chunked', 'Connection: close');
    const cases = { 'no number': 'zz\r\na=b\r\n0\r\n\r\n', negative: '-1\r\na\r\n0\r\n\r\n', plus: '+3\r\na=b\r\n0\r\n\r\n', overflow: 'fffffffffffffffff\r\na', prefix: '0x3\r\na=b\r\n0\r\n\r\n', 'bare LF': '3\na=b\n0\n\n', 'longer than said': '1\r\na=b\r\n0\r\n\r\n' };
    for (const [name, body] of Object.entries(cases)) {
        const { statuses } = await exchange(chunked + body + smuggled, { timeout: 4000, quiet: 1500 });
        assert.ok(statuses.length <= 1, `${name}: ${statuses}`);
        assert.ok(statuses.every((s) => s >= 400), `${name}: ${statuses}`);
    }
});

test('attack 48: stray control characters in the head', async () => {
    const get = (line) => `GET /jwks HTTP/1.1\r\n${HOST}\r\n${line}\r\n\r\n`;
    const cases = {
        'bare CR in a value': get('X-A: b\rX-C: d'), 'bare CR before a name': get('X-A: b\r Content-Length: 5'), 'bare LF': `GET /jwks HTTP/1.1\n${HOST}\n\n`, 'LF in a value': get('X-A: b\nX-C: d'),
        'NUL in a value': get('X-A: b\u0000c'), 'NUL in a name': get('X\u0000A: b'), 'NUL in the target': `GET /jw\u0000ks HTTP/1.1\r\n${HOST}\r\n\r\n`, 'no colon': get('X-A'), 'empty name': get(': x'),
        'a space first': `GET /jwks HTTP/1.1\r\n ${HOST}\r\n\r\n`, 'no Host': 'GET /jwks HTTP/1.1\r\n\r\n', 'two Hosts': get('Host: evil.example'), 'Host with a space': get('Host : evil.example'),
    };
    for (const [name, bytes] of Object.entries(cases)) {
        const { statuses } = await exchange(bytes, { timeout: 3000 });
        assert.ok(statuses.length <= 1 && statuses.every((s) => s >= 400), `${name}: ${statuses}`);
    }
});

test('attack 48: request lines that are none', async () => {
    const lines = ['GET /jwks', 'GET /jwks HTTP/9.9', 'GET /jwks HTTP/1.1 x', '/jwks GET HTTP/1.1', 'GET\t/jwks\tHTTP/1.1', 'G\u0000T /jwks HTTP/1.1',
        'GET http://evil.example/jwks HTTP/1.1', 'CONNECT evil.example:443 HTTP/1.1', 'GET jwks HTTP/1.1', 'GET * HTTP/1.1', 'OPTIONS * HTTP/1.1', 'PRI * HTTP/2.0', 'GET /jwks HTTP/0.9', 'GET /jwks#x HTTP/1.1'];
    for (const line of lines) {
        const { statuses } = await exchange(head(line, HOST, 'Connection: close'), { timeout: 3000 });
        assert.ok(statuses.every((s) => s !== 200), `${line}: ${statuses}`);
    }
});

test('attack 48: a path is what it is, byte for byte', async () => {
    const paths = ['/x/../jwks', '/./jwks', '//jwks', '/jwks/', '/jwks/.', '/%6awks', '/jwks%00', '/jwks%2f', '/%2e%2e/jwks', '/..%2fjwks', '/static/../jwks', '/static/%2e%2e/jwks', '/static/..%2f..%2fetc/passwd',
        '/static//', '/static/../../../../etc/passwd', '/JWKS', '/jwks;x', '/jwks.json', '/jwks\\', '/.well-known//openid-configuration', '/.well-known/../.well-known/openid-configuration', '/.git/config', '/health', '/metrics'];
    for (const path of paths) {
        const { statuses } = await exchange(head(`GET ${path} HTTP/1.1`, HOST, 'Connection: close'), { timeout: 3000 });
        assert.deepEqual(statuses.filter((s) => s !== 404 && s !== 400), [], `${path}: ${statuses}`);
        assert.ok(statuses.length === 1, path);
    }
});

test('attack 48: addresses are built from the issuer, whatever Host and X-Forwarded-* say', async () => {
    const forged = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http', 'x-forwarded-port': '1', 'x-forwarded-prefix': '/evil', forwarded: 'host=evil.example', 'x-original-url': '/metrics', 'x-rewrite-url': '/metrics', 'x-http-method-override': 'POST' };
    for (const base of [demo.plain_url, issuer]) {
        const document = await request(`${base}/.well-known/openid-configuration`, { headers: forged });
        assert.ok(!document.text.includes('evil'), base);
        const asked = new URL(authorization(apps.portal).url);
        const page = await request(`${base}${asked.pathname}${asked.search}`, { headers: forged });
        assert.ok(!JSON.stringify(page.headers).includes('evil') && !page.text.includes('evil.example'), base);
        const error = await request(`${base}/nowhere`, { headers: { ...forged, accept: 'text/html' } });
        assert.ok(!error.text.includes('evil.example'));
    }
});

test('attack 48: X-Forwarded-For of a stranger is not believed', async () => {
    const browser = new Browser({ source: '127.4.48.1' });
    const page = await browser.open(authorization(apps.portal).url);
    const name = `forwarded-${Date.now()}`;
    await browser.post(page, { username: name, password: 'x' }, { headers: { 'x-forwarded-for': '203.0.113.9', 'x-real-ip': '203.0.113.9', forwarded: 'for=203.0.113.9' } });
    const audit = fs.readFileSync(`${state}/log/audit-main.log`, 'utf8');
    assert.ok(!audit.includes('203.0.113.9'));
    assert.ok(audit.includes('127.4.48.1'));
});

test('attack 48: methods that no route has', async () => {
    for (const method of ['TRACE', 'PUT', 'DELETE', 'PATCH', 'PROPFIND', 'get', 'FOO']) {
        const { statuses, text } = await exchange(head(`${method} /authorize HTTP/1.1`, HOST, 'X-Secret: echo-me', 'Content-Length: 0', 'Connection: close'), { timeout: 3000 });
        assert.ok(statuses.every((s) => s >= 400) && statuses.length <= 1, `${method}: ${statuses}`);
        assert.ok(!text.includes('echo-me'), method);
    }
    assert.equal((await get('/jwks', { method: 'DELETE' })).status, 405);
});

test('attack 48: requests in one go are answered each, in order', async () => {
    const one = head('GET /jwks HTTP/1.1', HOST);
    const { statuses } = await exchange(one + one + head('GET /jwks HTTP/1.1', HOST, 'Connection: close'), { timeout: 4000, quiet: 1000 });
    assert.deepEqual(statuses, [200, 200, 200]);
});
