// The pages of acting for another in a real browser, without JavaScript too, readable for everybody.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import { assertAccessible } from '../lib/accessible.mjs';
import { authorization, decode, redeem } from '../lib/app.mjs';
import { application, arrived, picture, stop, visitor } from '../lib/chromium.mjs';
import { issuer } from '../lib/demo.mjs';
import { COMPANY, day, mandate, mandateApp, over } from '../lib/mandates.mjs';
import { person } from '../lib/people.mjs';
import { freshCode } from '../lib/totp.mjs';
import { until } from '../lib/wait.mjs';

after(stop);

const LOOPBACK = 'http://127.0.0.1:9080/mandates/callback';

async function signIn(page, user) {
    await page.fill('[name=username]', user.username);
    await page.fill('[name=password]', user.password);
    await page.click('form:has([name=password]) [type=submit]');
    if (!user.totp_secret) return;
    await page.waitForSelector('[name=otp]');
    await page.fill('[name=otp]', await freshCode(user.totp_secret));
    await page.click('form:has([name=otp]) [type=submit]');
}

test('a mandate is given, accepted and ended by people who see and click', async (t) => {
    const [giver, agent] = [person(t, { totp: true }), person(t)];
    const app = await mandateApp(t);
    const { page, complaints } = await visitor(t, { javaScriptEnabled: true });
    await page.goto(`${issuer}/mandates/new`);
    await signIn(page, giver);
    await page.waitForSelector('[name=agent]');
    await assertAccessible(page, 'the form');
    await page.fill('[name=agent]', agent.username);
    await page.fill('[name=agent_name]', 'Somebody Else');
    await page.fill('[name=until]', day(30));
    await page.check(`[name="may:${app.client_id} case:read"]`);
    await page.click('main form [type=submit]');
    assert.match(await page.title(), /^Error/);
    assert.ok(await page.isChecked(`[name="may:${app.client_id} case:read"]`), 'what was ticked stays ticked');
    await assertAccessible(page, 'the form with an error');
    await page.fill('[name=agent_name]', `测试 ${agent.username}`);
    await picture(page, 'mandate-new');
    await page.click('main form [type=submit]');
    await page.waitForSelector('.message');
    await assertAccessible(page, 'those given');
    const id = await page.getAttribute('[name=mandate]', 'value');
    t.after(() => over(id));

    const other = await visitor(t, { javaScriptEnabled: false });
    await other.page.goto(`${issuer}/mandates`);
    await signIn(other.page, agent);
    await picture(other.page, 'mandates');
    await other.page.click('[name=action][value=confirm]');
    assert.match(await other.page.textContent('.message'), /accepted/);
    await page.goto(`${issuer}/mandates`);
    await page.click('[name=action][value=end]');
    assert.match(await page.textContent('.message'), /ended/);
    assert.deepEqual(complaints, []);
});

for (const javaScriptEnabled of [true, false])
    test(`the choice at sign-in${javaScriptEnabled ? '' : ', without JavaScript'}`, async (t) => {
        const { last } = await application(t);
        const agent = person(t);
        const app = await mandateApp(t, { 'redirect-uri': LOOPBACK });
        const id = mandate(t, { agent });
        const { page } = await visitor(t, { javaScriptEnabled });
        let asked = authorization(app);
        await page.goto(asked.url);
        await signIn(page, agent);
        await until('the choice is offered', async () => {
            if (await page.$(`[value="${id}"]`)) return true;
            asked = authorization(app);
            await page.goto(asked.url);
            return false;
        });
        if (javaScriptEnabled) await assertAccessible(page, 'the choice');
        await page.click('main form [type=submit]');
        assert.match(await page.title(), /^Error/, 'nothing is chosen for anybody');
        await picture(page, 'act');
        await page.check(`[value="${id}"]`);
        await page.click('main form [type=submit]');
        await arrived(page);
        const tokens = (await redeem(asked, last().query.code)).json();
        assert.equal(decode(tokens.id_token).payload.sub, COMPANY);
    });
