// One more server over the same stores, with settings of the test's own, on ports of its own.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { config } from './cli.mjs';
import { binary, issuer } from './demo.mjs';
import { request } from './http.mjs';
import { until } from './wait.mjs';

export async function freePort() {
    const server = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address();
    await new Promise((resolve) => server.close(resolve));
    return port;
}

// The main server's settings with "section.name" replaced or added; undefined takes one out.
export function changedSettings(changes, text = fs.readFileSync(config, 'utf8')) {
    const left = new Map(Object.entries(changes));
    const out = [];
    let section = '';
    const addRest = () => {
        for (const [key, value] of left) {
            if (!key.startsWith(`${section}.`)) continue;
            if (value !== undefined) out.push(`${key.slice(section.length + 1)} = ${value}`);
            left.delete(key);
        }
    };
    for (const line of text.split('\n')) {
        const header = /^\[(.*)\]$/.exec(line);
        if (header) {
            addRest();
            section = header[1];
        }
        const name = /^(\w+)\s*=/.exec(line)?.[1];
        if (name && left.has(`${section}.${name}`)) continue;
        out.push(line);
    }
    addRest();
    for (const key of [...left.keys()]) {
        section = key.split('.')[0];
        if (!left.has(key)) continue;
        out.push(`[${section}]`);
        addRest();
    }
    return out.join('\n');
}

/*
 * Starts it; gone, with its files, when the test ends. { url, via, management, pid, log(), stop(), exited,
 * config }. Unless `wait` is false, resolves when it answers. `env` is added to its environment.
 */
export async function ownServer(t, changes = {}, { wait = true, env = {} } = {}) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'onedoor-test-'));
    const [port, management] = [await freePort(), await freePort()];
    const file = path.join(folder, 'own.conf');
    fs.writeFileSync(file, changedSettings({
        'server.listen': `127.0.0.1:${port}`,
        'server.listen_tls': 'off',
        'server.management': `127.0.0.1:${management}`,
        'server.audit_file': path.join(folder, 'audit.log'),
        ...changes,
    }));
    // A file-size limit then fails a write as a full disk does, instead of ending the process by a signal.
    const ignoring = ['-c', 'trap "" XFSZ; exec "$0" "$@"', binary];
    const child = spawn('sh', [...ignoring, '--config', file, 'serve'], {
        stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...env },
    });
    let log = '';
    child.stderr.on('data', (data) => (log += data));
    const exited = new Promise((resolve) => child.once('exit', (code, why) => resolve(code ?? why)));
    const stop = async () => {
        child.kill('SIGCONT');
        child.kill('SIGTERM');
        const late = setTimeout(() => child.kill('SIGKILL'), 15000);
        await exited;
        clearTimeout(late);
        fs.rmSync(folder, { recursive: true, force: true });
    };
    t.after(stop);
    const via = `http://127.0.0.1:${port}`;
    if (wait) await until(`the server of the test answers\n${log}`, () => answers(via), { within: 30000 });
    return {
        via, port, folder, child, exited, stop, config: file,
        pid: child.pid,
        management: `http://127.0.0.1:${management}`,
        audit: path.join(folder, 'audit.log'),
        log: () => log,
    };
}

const answers = async (via) =>
    (await request(`${issuer}/.well-known/openid-configuration`, { via, timeout: 2000 })).status === 200;
