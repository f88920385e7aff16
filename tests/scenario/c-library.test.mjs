// A resource server in C: libonedoor-client, installed and linked as an application would, under sanitizers.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test, { after } from 'node:test';
import { decodeProtectedHeader } from 'jose';
import { authenticated, revoke } from '../lib/app.mjs';
import { must } from '../lib/cli.mjs';
import { apps, users } from '../lib/demo.mjs';
import { compileExample, gate, installLibrary, run } from '../lib/library.mjs';
import { frozen } from '../lib/processes.mjs';
import { signedIn } from '../lib/signin.mjs';
import { sleep, until } from '../lib/wait.mjs';

const { portal, resource, service } = apps;
const library = installLibrary();
const program = compileExample(library, 'gate');
after(library.remove);

const TOKEN_KEY = 35, TOKEN_INACTIVE = 41, UNAVAILABLE = 3, UNTRUSTED = 4, CREDENTIALS = 5;

// What the service gets for the records API.
async function serviceToken() {
    const answer = await authenticated('/token', service, {
        grant_type: 'client_credentials', scope: 'records:read', resource: resource.resource,
    });
    return answer.json().access_token;
}

const open = (t, changes) => gate(t, library, program, resource, changes);

// Nothing leaked, nothing read that was freed.
async function clean(it) {
    const { status, said } = await it.end();
    assert.equal(status, 0, said);
}

test('what is installed: both libraries, the header, pkg-config, and a page for every function', () => {
    const installed = fs.readdirSync(library.prefix, { recursive: true }).map(String);
    for (const name of ['lib/libonedoor-client.so', 'lib/libonedoor-client.so.0', 'lib/libonedoor-client.a',
        'include/onedoor/client.h', 'lib/pkgconfig/onedoor-client.pc', 'share/man/man3/onedoor-client.3'])
        assert.ok(installed.includes(name), `${name} is not among ${installed}`);
    const exported = run('nm', ['-D', '--defined-only', path.join(library.prefix, 'lib/libonedoor-client.so')])
        .split('\n').map((line) => line.split(' ')[2]).filter((name) => name && !/asan|ubsan|odr/.test(name));
    assert.ok(exported.length > 25);
    for (const name of exported) {
        assert.match(name, /^onedoor_/, 'only the public names are seen');
        assert.ok(installed.includes(`share/man/man3/${name}.3`), `${name} has no page`);
    }
});

test('a token is verified here and introspected there, with the same claims', async (t) => {
    const it = open(t);
    const token = await serviceToken();
    const here = await it.ask(`verify ${token}`);
    const there = await it.ask(`introspect ${token}`);
    for (const answer of [here, there]) {
        assert.equal(answer.status, 200);
        assert.equal(answer.may_read, true);
        assert.equal(answer.claims.sub, service.client_id);
    }
    assert.equal(here.claims.jti, there.claims.jti);
    await clean(it);
});

test('a person\'s token tells who they are and how they signed in', async (t) => {
    const it = open(t);
    const { access_token } = await signedIn(portal, users.citizen, { redeem: { resource: resource.resource } });
    for (const way of ['verify', 'introspect']) {
        const { claims, may_read } = await it.ask(`${way} ${access_token}`);
        assert.equal(claims.acr, 'low');
        assert.equal(claims.client_id, portal.client_id);
        assert.equal(may_read, false);
    }
    await clean(it);
});

test('altered tokens, and tokens for somebody else, are refused both ways', async (t) => {
    const it = open(t);
    const token = await serviceToken();
    const [header, payload, signature] = token.split('.');
    const claims = { ...JSON.parse(Buffer.from(payload, 'base64url')), scope: 'records:write' };
    const altered = [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
    const none = [Buffer.from('{"alg":"none","typ":"at+jwt","kid":"x"}').toString('base64url'), payload, ''].join('.');
    const own = await signedIn(portal, users.citizen);
    for (const bad of [altered, none, `${token}A`, `${token}.x`, own.access_token, own.id_token, own.refresh_token])
        for (const way of ['verify', 'introspect'])
            assert.equal((await it.ask(`${way} ${bad}`)).status, 401, `${way} ${bad}`);
    await clean(it);
});

test('after `keys rotate` a running application verifies tokens of the new key and of the old', async (t) => {
    const it = open(t);
    const before = await serviceToken();
    assert.equal((await it.ask(`verify ${before}`)).status, 200);
    for (let turn = 0; turn < 2; turn++) { // the second key was not yet published when the gate first asked
        const kid = decodeProtectedHeader(await serviceToken()).kid;
        must('keys', 'rotate', 'ES256');
        const token = await until('the server signs with the new key', async () => {
            const next = await serviceToken();
            return decodeProtectedHeader(next).kid !== kid && next;
        }, { within: 15000, every: 300 });
        await until('the new key is known', async () => {
            const { status, error } = await it.ask(`verify ${token}`);
            assert.ok(status === 200 || error === TOKEN_KEY);
            return status === 200;
        }, { within: 12000, every: 500 });
    }
    assert.equal((await it.ask(`verify ${before}`)).status, 200);
    await clean(it);
});

test('a revoked token is refused when the answer before is a second old', async (t) => {
    const it = open(t);
    const token = await serviceToken();
    assert.equal((await it.ask(`introspect ${token}`)).status, 200);
    assert.equal((await revoke(service, token)).status, 200);
    await sleep(1000);
    const answer = await it.ask(`introspect ${token}`);
    assert.equal(answer.error, TOKEN_INACTIVE);
    await clean(it);
});

test('a server that is away is an error, not a refusal; known keys go on verifying', async (t) => {
    const it = open(t);
    const [token, other] = [await serviceToken(), await serviceToken()];
    assert.equal((await it.ask(`verify ${token}`)).status, 200);
    assert.equal((await it.ask(`introspect ${token}`)).status, 200);
    await frozen('onedoor-main', async () => {
        assert.equal((await it.ask(`introspect ${other}`)).error, UNAVAILABLE);
        assert.equal((await it.ask(`verify ${other}`)).status, 200);
    });
    assert.equal((await it.ask(`introspect ${other}`)).status, 200);
    assert.match(it.said(), /gate: http_failed: .*timed out/i);
    assert.ok(!it.said().includes(other) && !it.said().includes(resource.client_secret));
    await it.end();
});

test('wrong credentials and foreign certificates are told apart from both', async (t) => {
    const token = await serviceToken();
    const wrong = open(t, { ONEDOOR_CLIENT_SECRET: 'wrong' });
    assert.deepEqual([(await wrong.ask(`introspect ${token}`)).error, (await wrong.ask(`verify ${token}`)).status], [CREDENTIALS, 200]);
    await clean(wrong);
    const file = path.join(library.folder, 'foreign.pem');
    run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=foreign',
        '-keyout', '/dev/null', '-out', file]);
    const foreign = open(t, { ONEDOOR_CA_FILE: file });
    assert.equal((await foreign.ask(`verify ${token}`)).error, UNTRUSTED);
    assert.equal((await foreign.ask(`introspect ${token}`)).error, UNTRUSTED);
    await clean(foreign);
});
