// What is true on every server, and how soon.
import assert from 'node:assert/strict';
import { introspect } from './app.mjs';
import { demo } from './demo.mjs';
import { sleep } from './wait.mjs';

export const everywhere = [demo.plain_url, demo.twin_plain_url].filter(Boolean);

// What the issue promises: one second on every server.
export const PROMISED = 1000;

// What each server says of the token, to whoever asks.
export const said = async (token, by) =>
    Promise.all(everywhere.map(async (via) => {
        const answer = await introspect(token, { via }, by);
        assert.equal(answer.status, 200, answer.text);
        return answer.json();
    }));

/*
 * Makes the change and asks every server until all agree that it holds: the milliseconds from before the change to
 * the last one's answer, which may not be more than promised. `ask(via)` gives true or false.
 */
export async function seenInTime(what, change, ask, most = PROMISED) {
    const began = performance.now();
    await change();
    const times = await Promise.all(everywhere.map(async (via) => {
        for (;;) {
            const seen = await ask(via);
            const ms = performance.now() - began;
            if (seen) return ms;
            assert.ok(ms < 15000, `${what}: not seen at ${via} at all`);
            await sleep(5);
        }
    }));
    const slowest = Math.max(...times);
    assert.ok(slowest <= most, `${what}: seen after ${Math.round(slowest)} ms`);
    return slowest;
}

// For seenInTime: whether introspection says so.
export const introspected = (token, holds, by) => async (via) => {
    const answer = await introspect(token, { via }, by);
    assert.equal(answer.status, 200, answer.text);
    return holds(answer.json());
};

export const inactive = (answer) => answer.active === false;
export const summary = (times) => `${times.length} times, slowest ${Math.round(Math.max(...times))} ms`;
