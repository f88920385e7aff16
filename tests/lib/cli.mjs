// The onedoor program, as an administrator uses it.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { authenticated } from './app.mjs';
import { binary, demo, state } from './demo.mjs';
import { get } from './http.mjs';
import { until } from './wait.mjs';

export const config = path.join(state, 'main.conf');

// Where the running servers answer.
export const servers = [demo.plain_url, demo.twin_plain_url].filter(Boolean);

export const onedoor = (...args) => onedoorFed('', ...args);

// The same with something on its standard input.
export function onedoorFed(input, ...args) {
    const done = spawnSync(binary, ['--config', config, ...args], { input, encoding: 'utf8', timeout: 60000 });
    return { status: done.status, out: done.stdout, err: done.stderr };
}

export function must(...args) {
    const done = onedoor(...args);
    if (done.status !== 0) throw new Error(`onedoor ${args.join(' ')}: ${done.status}\n${done.err}`);
    return done.out;
}

const settingsOf = (settings) =>
    Object.entries(settings).flatMap(([name, values]) => [values].flat().map((value) => `${name}=${value}`));

/*
 * Registers an application for one test and waits until every running server knows it; the test's end removes it.
 * Gives what demo.json gives of an application.
 */
export async function addApp(t, settings, prefix = 'test') {
    const id = `${prefix}-${randomBytes(4).toString('hex')}`;
    const out = must('app', 'add', id, ...settingsOf({ name: `Test ${id}`, consent: 'never', ...settings }));
    t.after(() => onedoor('app', 'remove', id));
    const secret = /client_secret=(\S+)/.exec(out)?.[1];
    const app = {
        client_id: id,
        client_secret: secret,
        method: settings.method,
        redirect_uris: [settings['redirect-uri'] ?? []].flat(),
    };
    for (const via of servers) await known(app, via);
    return app;
}

export const setApp = (app, settings) => must('app', 'set', app.client_id, ...settingsOf(settings));

// Whether a server knows it: by its redirect address (errors go there), else by its secret.
const known = (app, via) =>
    until(`${app.client_id} known at ${via}`, async () => {
        if (app.redirect_uris.length > 0) {
            const query = new URLSearchParams({ client_id: app.client_id, redirect_uri: app.redirect_uris[0] });
            return (await get(`/authorize?${query}`, { via })).location !== undefined;
        }
        const answer = await authenticated('/token', app, { grant_type: 'client_credentials' }, { via });
        return answer.json().error !== 'invalid_client';
    }, { within: 10000 });
