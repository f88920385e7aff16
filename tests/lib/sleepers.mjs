// What must hold of an answer that is late or refused because a store is away.
import assert from 'node:assert/strict';
import { timed } from './wait.mjs';

// The longest that anybody may wait: the deadlines of connecting and asking, some turns of them, and the queue.
export const DEADLINE = 8000;

export async function unavailable(run, why) {
    const { ms, value: answer } = await timed(run);
    assert.equal(answer.status, 503, `${why}: ${answer.status} ${answer.text.slice(0, 300)}`);
    assert.ok(Number(answer.headers['retry-after']) > 0, `${why}: no Retry-After`);
    assert.ok(ms < DEADLINE, `${why}: it took ${ms} ms`);
    assert.doesNotMatch(answer.text, /"active"/, why);
    assert.ok(!answer.cookies.some((line) => /session=[^;]/.test(line)), why);
    return answer;
}

export async function inTime(run, why, most = 2000) {
    const { ms, value } = await timed(run);
    assert.ok(ms < most, `${why}: it took ${ms} ms`);
    return value;
}
