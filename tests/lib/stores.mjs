// The stores, gone or put back as they were earlier.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { demo, state } from './demo.mjs';
import { isRunning, killed, startRedis } from './processes.mjs';

const folder = path.join(state, 'redis');

// A copy of what Redis has on disk, taken while it is down for a moment.
export async function snapshot() {
    const kept = fs.mkdtempSync(path.join(state, 'redis-kept-'));
    await killed('redis', 'SIGTERM');
    fs.cpSync(folder, kept, { recursive: true, filter: (source) => !source.endsWith('.sock') });
    await startRedis();
    return kept;
}

// Redis comes back as it was at the time of the copy.
export async function putBack(kept) {
    await killed('redis');
    fs.rmSync(folder, { recursive: true, force: true });
    fs.renameSync(kept, folder);
    await startRedis();
}

// Redis comes back with nothing at all.
export async function emptied() {
    await killed('redis');
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder);
    await startRedis();
}

export async function ensureRedis() {
    if (!isRunning('redis')) await startRedis();
}

export const flush = () => spawnSync('redis-cli', ['-s', demo.redis.socket, 'FLUSHALL'], { encoding: 'utf8' });
