// Debian's Apache with the example of clients/examples/apache, and an application behind it that says what it was told.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { random } from './app.mjs';
import { demo, issuer, root, state } from './demo.mjs';
import { request } from './http.mjs';
import { freePort } from './own-server.mjs';
import { until } from './wait.mjs';

const modules = ['mpm_event', 'authn_core', 'authz_core', 'authz_user', 'headers', 'proxy', 'proxy_http', 'ssl', 'auth_openidc'];

// Answers every request with its own path and headers, as JSON.
async function application(t) {
    const server = http.createServer((req, res) => res.end(JSON.stringify({ path: req.url, headers: req.headers })));
    server.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    t.after(() => {
        server.closeAllConnections();
        server.close();
    });
    return `http://127.0.0.1:${server.address().port}`;
}

function configuration(folder, port, defines) {
    const lines = modules.map((name) => `LoadModule ${name}_module /usr/lib/apache2/modules/mod_${name}.so`);
    return `${lines.join('\n')}
ServerName localhost
PidFile ${folder}/pid
ErrorLog ${folder}/log
LogLevel info
User www-data
Group www-data
DocumentRoot ${folder}
DefaultRuntimeDir ${folder}
Listen 127.0.0.1:${port} https
${Object.entries(defines).map(([name, value]) => `Define ${name} ${value}`).join('\n')}
SSLEngine on
SSLSessionCache none
SSLCertificateFile ${state}/tls/server.pem
SSLCertificateKeyFile ${state}/tls/server.key
Include ${root}/clients/examples/apache/onedoor.conf
`;
}

// A free port, so that the application can be registered before Apache starts.
export const apachePort = freePort;

export async function apache(t, port, app) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'onedoor-apache-'));
    fs.chmodSync(folder, 0o755);
    fs.copyFileSync(demo.ca_file, path.join(folder, 'ca.pem')); // Apache's children may not read the demo's folder
    fs.chmodSync(path.join(folder, 'ca.pem'), 0o644);
    const here = `https://localhost:${port}`;
    fs.writeFileSync(path.join(folder, 'conf'), configuration(folder, port, {
        ONEDOOR_ISSUER: issuer,
        ONEDOOR_CLIENT_ID: app.client_id,
        ONEDOOR_CLIENT_SECRET: app.client_secret,
        ONEDOOR_HERE: here,
        ONEDOOR_AUDIENCE: app.resource,
        ONEDOOR_CA_FILE: path.join(folder, 'ca.pem'),
        ONEDOOR_PASSPHRASE: random(),
        ONEDOOR_APPLICATION: await application(t),
    }));
    const child = spawn('/usr/sbin/apache2', ['-d', folder, '-f', 'conf', '-DFOREGROUND'], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += data));
    const exited = new Promise((resolve) => child.once('exit', resolve));
    t.after(async () => {
        child.kill('SIGTERM');
        await exited;
        fs.rmSync(folder, { recursive: true, force: true });
    });
    const log = () => said + fs.readFileSync(path.join(folder, 'log'), 'utf8');
    await until(`Apache answers\n${said}`, async () => (await request(`${here}/`, { timeout: 2000 })).status, { within: 15000 });
    return { here, log };
}
