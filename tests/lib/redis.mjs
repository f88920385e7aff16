// The store, seen and altered as an intruder in it would.
import { spawnSync } from 'node:child_process';
import { demo } from './demo.mjs';

export function redis(...args) {
    const done = spawnSync('redis-cli', ['-s', demo.redis.socket, ...args], { encoding: 'latin1', timeout: 10000 });
    const out = done.stdout.replace(/\n$/, '');
    if (done.status !== 0 || /^(ERR|WRONGTYPE|NOAUTH)/.test(out)) throw new Error(`redis-cli ${args[0]}: ${out}${done.stderr}`);
    return out;
}

export const keys = () => redis('--raw', 'KEYS', '*').split('\n').filter(Boolean);

// The keys that came to be while something ran.
export async function keysMadeBy(run) {
    const before = new Set(keys());
    const value = await run();
    return { value, made: keys().filter((key) => !before.has(key)) };
}

// Many commands, each a list of words without spaces, by one client; nobody asks how each of them went.
export const redisAll = (commands) =>
    spawnSync('redis-cli', ['-s', demo.redis.socket], { input: commands.map((words) => `${words.join(' ')}\n`).join(''), timeout: 60000 });
