import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { introspect } from '../lib/app.mjs';
import { must } from '../lib/cli.mjs';
import { apps, issuer, state, users } from '../lib/demo.mjs';
import { get } from '../lib/http.mjs';
import { freePort, ownServer } from '../lib/own-server.mjs';
import { signedIn } from '../lib/signin.mjs';
import { until } from '../lib/wait.mjs';

const { portal, resource } = apps;

// A server that must end by itself, with an error, before it answers anything.
async function refusesToStart(t, changes, prepare) {
    const folder = fs.mkdtempSync(path.join(state, 'keys-'));
    t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
    const server = await ownServer(t, { ...changes, ...prepare(folder) }, { wait: false });
    const code = await Promise.race([server.exited, new Promise((r) => setTimeout(() => r('it runs'), 8000))]);
    assert.ok(typeof code === 'number' && code !== 0, `${code}: ${server.log()}`);
    assert.match(server.log(), /error/i);
    return server.log();
}

function certificate(folder, ...options) {
    const [key, cert] = [path.join(folder, 'k.pem'), path.join(folder, 'c.pem')];
    const made = spawnSync('openssl', ['req', '-x509', '-nodes', '-days', '1', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert, ...options]);
    assert.equal(made.status, 0, String(made.stderr));
    fs.chmodSync(key, 0o600);
    return { 'server.tls_key': key, 'server.tls_certificate': cert };
}

test('attack 27: an RSA key under 2048 bits for TLS is refused at start', async (t) => {
    const port = await freePort();
    await refusesToStart(t, { 'server.listen_tls': `127.0.0.1:${port}` }, (folder) => certificate(folder, '-newkey', 'rsa:1024'));
});

test('attack 27: a master key under 32 bytes, or none, is refused at start, and not printed', async (t) => {
    for (const content of ['', '00'.repeat(16), '0'.repeat(63), 'z'.repeat(64), '00'.repeat(64)]) {
        const log = await refusesToStart(t, {}, (folder) => {
            fs.writeFileSync(path.join(folder, 'master.key'), content, { mode: 0o600 });
            return { 'server.master_key_file': path.join(folder, 'master.key') };
        });
        assert.ok(content.length === 0 || !log.includes(content));
    }
});

test('attack 27: another master key than the stored keys were sealed with is refused at start', async (t) => {
    await refusesToStart(t, {}, (folder) => {
        fs.writeFileSync(path.join(folder, 'master.key'), 'ab'.repeat(32), { mode: 0o600 });
        return { 'server.master_key_file': path.join(folder, 'master.key') };
    });
});

test('attack 27: a key file that others may read is refused at start', async (t) => {
    await refusesToStart(t, {}, (folder) => {
        const file = path.join(folder, 'master.key');
        fs.copyFileSync(path.join(state, 'master.key'), file);
        fs.chmodSync(file, 0o644);
        return { 'server.master_key_file': file };
    });
});

test('attack 28: the old kid verifies after a rotation, then no more', async (t) => {
    const server = await ownServer(t, { 'keys.overlap': '60', 'tokens.access_token': '60', 'tokens.id_token': '60' });
    const at = { via: server.via };
    const { access_token } = await signedIn(portal, users.citizen, { ...at, redeem: { resource: resource.resource } });
    const { kid } = decodeProtectedHeader(access_token);
    must('keys', 'rotate', 'ES256');
    const jwks = createRemoteJWKSet(new URL('/jwks', issuer), { cooldownDuration: 0 });
    await until('a new key signs', async () => {
        const next = await signedIn(portal, users.citizen, at);
        return decodeProtectedHeader(next.access_token).kid !== kid;
    }, { within: 15000, every: 1000 });
    await jwtVerify(access_token, jwks, { issuer });
    assert.equal((await introspect(access_token, at)).json().active, true);
    await until('the old key is published no longer by a server with a short overlap', async () => {
        return !(await get('/jwks', at)).json().keys.some((key) => key.kid === kid);
    }, { within: 90000, every: 1000 });
    assert.equal((await introspect(access_token, at)).json().active, false);
});
