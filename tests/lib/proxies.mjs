// Real proxies in front of an old application, from the examples under clients/, on free ports of loopback.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { demo, root, state } from './demo.mjs';
import { until } from './wait.mjs';

// An application that believes its proxy: answers with what it was sent.
export async function oldApplication(t) {
    const server = http.createServer((req, res) => {
        res.setHeader('content-type', 'application/json');
        res.end(JSON.stringify({ url: req.url, method: req.method, headers: req.headers }));
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => server.closeAllConnections?.() ?? server.close());
    t.after(() => server.close());
    return server.address().port;
}

const reachable = (port) =>
    new Promise((resolve) => {
        const socket = net.connect(port, '127.0.0.1');
        socket.once('connect', () => resolve(socket.destroy() && true));
        socket.once('error', () => resolve(false));
    });

async function run(t, name, command, args, port, folder) {
    const child = spawn(command, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, HOME: folder } });
    let log = '';
    child.stdout.on('data', (data) => (log += data));
    child.stderr.on('data', (data) => (log += data));
    const gone = new Promise((resolve) => child.once('exit', resolve));
    t.after(async () => {
        child.kill('SIGTERM');
        await gone;
        fs.rmSync(folder, { recursive: true, force: true });
    });
    await until(`${name} listens`, async () => {
        if (child.exitCode !== null) throw new Error(log);
        return reachable(port);
    }, { within: 15000 });
    return () => log;
}

const example = (name) => fs.readFileSync(path.join(root, 'clients/examples/forward-auth', name), 'utf8');
const newFolder = () => fs.mkdtempSync(path.join(os.tmpdir(), 'onedoor-proxy-'));
const certificate = path.join(state, 'tls/server.pem');
const key = path.join(state, 'tls/server.key');
const onedoor = new URL(demo.plain_url).host;

// Each takes { client_id, port, upstream } and gives a function that tells the proxy's log.
export async function nginx(t, { client_id, port, upstream }) {
    const folder = newFolder();
    const site = example('nginx.conf')
        .replace('127.0.0.1:8080', onedoor)
        .replace('127.0.0.1:9000', `127.0.0.1:${upstream}`)
        .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
        .replace('server_name legacy.city.example', 'server_name 127.0.0.1')
        .replace('/etc/ssl/legacy.pem', certificate)
        .replace('/etc/ssl/legacy.key', key)
        .replaceAll('/forward-auth/legacy/', `/forward-auth/${client_id}/`);
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((n) => `${n}_temp_path ${folder}/${n};`);
    fs.writeFileSync(path.join(folder, 'nginx.conf'), `daemon off; pid ${folder}/pid; error_log stderr info;
        events {} http { access_log off; ${temporary.join(' ')}\n${site}\n}`);
    return run(t, 'nginx', '/usr/sbin/nginx', ['-e', 'stderr', '-p', folder, '-c', path.join(folder, 'nginx.conf')], port, folder);
}

export async function caddy(t, { client_id, port, upstream }) {
    const folder = newFolder();
    const site = example('Caddyfile')
        .replaceAll('127.0.0.1:8080', onedoor)
        .replace('127.0.0.1:9000', `127.0.0.1:${upstream}`)
        .replace('legacy.city.example {', `https://127.0.0.1:${port} {\n\tbind 127.0.0.1\n\ttls ${certificate} ${key}`)
        .replaceAll('/forward-auth/legacy/', `/forward-auth/${client_id}/`);
    fs.writeFileSync(path.join(folder, 'Caddyfile'), `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${site}`);
    return run(t, 'caddy', 'caddy', ['run', '--config', path.join(folder, 'Caddyfile'), '--adapter', 'caddyfile'], port, folder);
}
