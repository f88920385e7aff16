// The demo's processes: stopped, continued, killed, started again by server/demo.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { demo, root, state } from './demo.mjs';
import { request } from './http.mjs';
import { sleep, until } from './wait.mjs';

export const pidOf = (name) => Number(fs.readFileSync(path.join(state, 'run', `${name}.pid`), 'utf8'));

export const signal = (name, what) => process.kill(pidOf(name), what);

export const isRunning = (name) => {
    try {
        process.kill(pidOf(name), 0);
        return true;
    } catch {
        return false;
    }
};

// Holds a process still while something runs; it goes on whatever happens.
export async function frozen(name, run) {
    signal(name, 'SIGSTOP');
    try {
        return await run();
    } finally {
        signal(name, 'SIGCONT');
    }
}

export async function killed(name, what = 'SIGKILL') {
    signal(name, what);
    await until(`${name} is gone`, () => !isRunning(name), { within: 15000 });
}

// Starts what is missing, as the demo was started: `start` leaves what runs alone.
export function restart() {
    const args = ['start', ...(demo.twin_plain_url ? ['--twin'] : [])];
    const done = spawnSync(path.join(root, 'server/demo'), args, {
        encoding: 'utf8',
        timeout: 120000,
        env: { ...process.env, ONEDOOR_DEMO_STATE: state },
    });
    if (done.status !== 0) throw new Error(`server/demo start: ${done.stdout}${done.stderr}`);
}

export const health = async (url = demo.management_url) => (await request(`${url}/health`)).json();

// Both stores are seen by the server again, within the five seconds that are promised. A person who was read in the
// very second in which the feed of people came back is asked of the directory once more: that second passes as well.
export async function healthy(within = 5000) {
    await until('the server says that all is well', async () => (await health()).status === 'pass', { within });
    await sleep(1100 - (Date.now() % 1000));
}

// Stands in for a store that is started by hand: server/demo's own command lines, from its own folder.
export function startRedis() {
    const log = fs.openSync(path.join(state, 'log/redis.log'), 'a');
    const child = spawn('redis-server', [path.join(root, 'server/demo-parts/redis.conf'), '--dir', path.join(state, 'redis'),
        '--unixsocket', demo.redis.socket], { cwd: state, detached: true, stdio: ['ignore', log, log] });
    fs.writeFileSync(path.join(state, 'run/redis.pid'), `${child.pid}\n`);
    child.unref();
    fs.closeSync(log);
    return until('Redis answers', () => spawnSync('redis-cli', ['-s', demo.redis.socket, 'ping'],
        { encoding: 'utf8' }).stdout.trim() === 'PONG', { within: 10000 });
}

export const logOf = (name) => fs.readFileSync(path.join(state, 'log', `${name}.log`), 'utf8');
