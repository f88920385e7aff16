import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { state } from '../lib/demo.mjs';
import { freePort, ownServer } from '../lib/own-server.mjs';

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
