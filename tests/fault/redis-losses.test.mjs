// Redis comes back empty or older: nothing spent, revoked or expired comes back with it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { authorization, introspect, redeem, refresh, revoke } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { apps, users } from '../lib/demo.mjs';
import { person } from '../lib/people.mjs';
import { healthy, killed, restart } from '../lib/processes.mjs';
import { enter, enterCode, signedIn } from '../lib/signin.mjs';
import { emptied, ensureRedis, flush, putBack, snapshot } from '../lib/stores.mjs';
import { codeOfStep, stepNow } from '../lib/totp.mjs';
import { until } from '../lib/wait.mjs';

const { portal, backoffice, resource } = apps;
const { citizen } = users;
const forRecords = { redeem: { resource: resource.resource } };
const inactive = (answer) => answer.status === 200 && answer.text === '{"active":false}';

// Never active, not for a moment; and soon surely inactive.
async function staysDead(token) {
    await until('it is inactive', async () => {
        const answer = await introspect(token);
        assert.ok(answer.status === 503 || inactive(answer), answer.text);
        return inactive(answer);
    }, { within: 6000 });
}

async function worksAgain() {
    await healthy(6000);
    const { access_token } = await signedIn(portal, citizen, forRecords);
    assert.equal((await introspect(access_token)).json().active, true);
}

// First in this file: after a loss, codes of the step it happened in are refused to everybody.
test('a one-time code that was spent stays spent when Redis forgets', async (t) => {
    t.after(ensureRedis);
    const user = person(t, { kind: 'staff', totp: true });
    const atCode = async () => {
        const browser = new Browser();
        const page = await browser.submit(await browser.open(authorization(backoffice).url), { username: user.username, password: user.password });
        assert.ok(page.has('otp'), page.visible);
        return { browser, page };
    };
    const first = await atCode();
    const step = stepNow();
    const otp = codeOfStep(user.totp_secret, step);
    assert.ok((await first.browser.submit(first.page, { otp })).left);
    flush();
    await healthy(6000);
    const second = await atCode();
    assert.ok(!(await second.browser.submit(second.page, { otp })).left, 'the same code');
    await until('a code of a later step is taken', async () => {
        if (stepNow() < step + 2) return false;
        const third = await atCode();
        return (await enterCode(third.browser, third.page, user)).left;
    }, { within: 100000, every: 1000 });
});

for (const [name, lose] of Object.entries({ 'FLUSHALL': flush, 'an empty Redis': emptied }))
    test(`${name}: everybody is signed out, nothing can be redeemed, and new sign-ins work`, async (t) => {
        t.after(ensureRedis);
        const session = await signedIn(portal, citizen, forRecords);
        const { asked, returned } = await enter(new Browser(), portal, citizen);
        await lose();
        await staysDead(session.access_token);
        await until('the session is over', async () => (await session.browser.open(authorization(portal).url)).has('username'), { within: 6000 });
        assert.equal((await redeem(asked, returned.code)).json().error, 'invalid_grant');
        assert.equal((await refresh(portal, session.refresh_token)).json().error, 'invalid_grant');
        await worksAgain();
    });

test('an older Redis: a redeemed code, a rotated token, a revoked token, an ended session stay so', async (t) => {
    t.after(ensureRedis);
    const code = await enter(new Browser(), portal, citizen);
    const rotated = await signedIn(portal, citizen, forRecords);
    const revoked = await signedIn(portal, citizen, forRecords);
    const ended = await signedIn(portal, citizen, forRecords);
    const kept = await snapshot();
    await healthy();

    assert.equal((await redeem(code.asked, code.returned.code)).status, 200);
    assert.equal((await refresh(portal, rotated.refresh_token)).status, 200);
    assert.equal((await revoke(portal, revoked.access_token)).status, 200);
    const cookie = await ended.browser.cookie('__Host-onedoor-session');
    await ended.browser.open(`/logout?id_token_hint=${ended.id_token}`);
    await putBack(kept);

    for (const { access_token } of [revoked, ended]) await staysDead(access_token);
    const again = [await redeem(code.asked, code.returned.code), await refresh(portal, rotated.refresh_token), await refresh(portal, ended.refresh_token)];
    for (const answer of again) assert.notEqual(answer.status, 200, answer.text);
    const thief = new Browser();
    await thief.setCookie('__Host-onedoor-session', cookie);
    assert.ok(!(await thief.open(authorization(portal).url)).left);
    await worksAgain();
});

test('an older Redis, and a server that was down meanwhile, notices when it starts', async (t) => {
    t.after(restart);
    const code = await enter(new Browser(), portal, citizen);
    const revoked = await signedIn(portal, citizen, forRecords);
    const kept = await snapshot();
    await healthy();
    assert.equal((await redeem(code.asked, code.returned.code)).status, 200);
    await revoke(portal, revoked.access_token);
    await killed('onedoor-main', 'SIGTERM');
    await putBack(kept);
    restart();
    await healthy();
    await staysDead(revoked.access_token);
    assert.notEqual((await redeem(code.asked, code.returned.code)).status, 200);
    await worksAgain();
});

test('a code that is redeemed while Redis forgets succeeds once at most', async () => {
    const { asked, returned } = await enter(new Browser(), portal, citizen);
    const tries = (n) => Array.from({ length: n }, () => redeem(asked, returned.code));
    const first = tries(10);
    flush();
    const answers = await Promise.all([...first, ...tries(10)]);
    assert.ok(answers.filter((a) => a.status === 200).length <= 1, answers.map((a) => a.status).join());
    await worksAgain();
});
