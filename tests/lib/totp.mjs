// One-time codes by an independent implementation of RFC 6238. A step can be spent once, and test files run one
// after the other on the same account: the step last used is remembered in a file.
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Secret, TOTP } from 'otpauth';
import { state } from './demo.mjs';

const PERIOD = 30;
const memory = path.join(state, 'totp-steps.json');

const generator = (secret) => new TOTP({ secret: Secret.fromBase32(secret.replace(/[\s-]/g, '')), digits: 6, period: PERIOD });

export const stepNow = () => Math.floor(Date.now() / 1000 / PERIOD);

export const codeOfStep = (secret, step) => generator(secret).generate({ timestamp: step * PERIOD * 1000 });

function remembered() {
    try {
        return JSON.parse(fs.readFileSync(memory, 'utf8'));
    } catch {
        return {};
    }
}

// A code that the server still takes; waits for the next step when this one may be spent.
export async function freshCode(secret) {
    const used = remembered();
    // One step ahead is within the server's window, so two codes can follow each other without waiting.
    const step = Math.max(stepNow(), (used[secret] ?? 0) + 1);
    const early = (step - 1) * PERIOD * 1000 - Date.now();
    if (early > 0) await sleep(early + 200);
    fs.writeFileSync(memory, JSON.stringify({ ...used, [secret]: step }));
    return codeOfStep(secret, step);
}
