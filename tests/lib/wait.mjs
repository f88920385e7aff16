import { setTimeout as sleep } from 'node:timers/promises';

export { sleep };

// Asks again and again until the answer is true; throws with the last failure when the time is over.
export async function until(what, ask, { within = 5000, every = 100 } = {}) {
    const end = Date.now() + within;
    let last = 'it never was';
    for (;;) {
        try {
            const answer = await ask();
            if (answer) return answer;
        } catch (error) {
            last = error.message;
        }
        if (Date.now() > end) throw new Error(`not within ${within} ms: ${what} (${last})`);
        await sleep(every);
    }
}

// Milliseconds that it took, and what it gave.
export async function timed(run) {
    const began = process.hrtime.bigint();
    const value = await run();
    return { ms: Number(process.hrtime.bigint() - began) / 1e6, value };
}
