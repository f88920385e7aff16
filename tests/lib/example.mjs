// A web application of clients/examples, running as its own comment says.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { demo, issuer, root } from './demo.mjs';
import { request } from './http.mjs';
import { until } from './wait.mjs';

// The example's folder, copied beside the packages that the tests installed.
export function copyWithPackages(t, name) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'onedoor-example-'));
    t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
    fs.cpSync(path.join(root, 'clients/examples', name), folder, { recursive: true });
    fs.symlinkSync(path.join(root, 'tests/node_modules'), path.join(folder, 'node_modules'));
    return folder;
}

// Starts it as the application and waits until it answers; gone when the test ends. { here, log }.
export async function example(t, app, port, command, args, cwd) {
    const child = spawn(command, args, {
        cwd,
        env: {
            ...process.env,
            PORT: String(port),
            ONEDOOR_ISSUER: issuer,
            ONEDOOR_CLIENT_ID: app.client_id,
            ONEDOOR_CLIENT_SECRET: app.client_secret,
            NODE_EXTRA_CA_CERTS: demo.ca_file,
            REQUESTS_CA_BUNDLE: demo.ca_file,
        },
    });
    let log = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (log += data));
    const exited = new Promise((resolve) => child.once('exit', resolve));
    t.after(async () => {
        child.kill('SIGTERM');
        await exited;
    });
    const here = `http://127.0.0.1:${port}`;
    await until(`${args[0]} answers`, async () => {
        if (child.exitCode !== null) throw new Error(log);
        return (await request(`${here}/`, { timeout: 2000 })).status === 200;
    }, { within: 15000 });
    return { here, log: () => log };
}
