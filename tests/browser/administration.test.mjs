// The pages of administration in a browser: accessible, in both languages, without complaints.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import { assertAccessible } from '../lib/accessible.mjs';
import { applicationWithRoles, appointed, officer } from '../lib/administrators.mjs';
import { must } from '../lib/cli.mjs';
import { picture, stop, visitor } from '../lib/chromium.mjs';
import { issuer } from '../lib/demo.mjs';
import { freshCode } from '../lib/totp.mjs';
import { until } from '../lib/wait.mjs';

after(stop);

async function signIn(page, user) {
    await page.goto(`${issuer}/admin`);
    await page.fill('[name=username]', user.username);
    await page.fill('[name=password]', user.password);
    await page.click('form:has([name=password]) [type=submit]');
    await page.fill('[name=otp]', await freshCode(user.totp_secret));
    await page.click('form:has([name=otp]) [type=submit]');
    await page.waitForLoadState();
}

for (const locale of ['zh-CN', 'en'])
    test(`no page of administration has a serious fault of accessibility (${locale})`, async (t) => {
        const app = await applicationWithRoles(t);
        const clerk = officer(t, { totp: true });
        const pages = {
            system: ['/admin', '/admin/applications', '/admin/application', `/admin/application?id=${app.client_id}`, '/admin/roles', `/admin/role?app=${app.client_id}`, `/admin/role?app=${app.client_id}&name=clerk`, '/admin/changes'],
            security: ['/admin', `/admin/application?id=${app.client_id}`, `/admin/role?app=${app.client_id}&name=clerk`, '/admin/organisations', '/admin/organisations?path=330102/D0412', `/admin/person?name=${clerk.username}`, '/admin/person?name=nobody-at-all'],
            audit: ['/admin', '/admin/audit', '/admin/changes'],
        };
        must('app', 'set', app.client_id, 'contact=Desk 1');
        for (const [role, addresses] of Object.entries(pages)) {
            const user = appointed(t, role);
            const { page, complaints } = await visitor(t, { locale });
            await signIn(page, user);
            await until(`${role} is there`, async () => (await page.goto(`${issuer}/admin`)).status() === 200);
            complaints.length = 0;
            for (const address of addresses) {
                assert.equal((await page.goto(`${issuer}${address}`)).status(), 200, address);
                await assertAccessible(page, `${role} at ${address} (${locale})`);
                await picture(page, `admin-${role}-${address.replace(/\W+/g, '-').replace(app.client_id, 'app')}-${locale}`);
            }
            if (role === 'audit') {
                await page.click('a[href^="/admin/change?id="]');
                await page.waitForLoadState();
                await assertAccessible(page, `one change (${locale})`);
                await picture(page, `admin-change-${locale}`);
            }
            // A page that is left while its icon is on the way gives that up.
            assert.deepEqual(complaints.filter((c) => !c.includes('ERR_ABORTED')), []);
        }
    });

test('a form is filled in by keyboard alone, and a refusal is announced first', async (t) => {
    const user = appointed(t, 'system');
    const { page } = await visitor(t, { locale: 'en' });
    await signIn(page, user);
    await until('the desk is there', async () => (await page.goto(`${issuer}/admin/application`)).status() === 200);
    await page.focus('[name=client_id]');
    await page.keyboard.type('a b');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#summary');
    assert.match(await page.title(), /^Error:/);
    assert.equal(await page.evaluate(() => document.activeElement.id), 'summary');
    assert.equal(await page.inputValue('[name=client_id]'), 'a b');
});

test('hints, choices and refusals are in the language of the page', async (t) => {
    const user = appointed(t, 'system');
    const app = await applicationWithRoles(t);
    const { page } = await visitor(t, { locale: 'zh-CN' });
    await signIn(page, user);
    await until('the desk is there', async () => (await page.goto(`${issuer}/admin/application`)).status() === 200);
    await page.selectOption('[name=introspection]', { label: '是' });
    assert.equal(await page.inputValue('[name=introspection]'), 'TRUE', 'what is sent stays as it was');
    await page.fill('[name=client_id]', 'a b');
    await page.click('[value="application.set"]');
    await page.waitForSelector('#summary');
    assert.match(await page.textContent('#summary'), /有的值不被接受。\s*应用标识：应填写 1 到 64 个字母[\s\S]*供管理员参考/);
    await picture(page, 'admin-refused-zh-CN');
    for (const address of ['/admin/application', `/admin/role?app=${app.client_id}`]) {
        await page.goto(`${issuer}${address}`);
        for (const hint of await page.locator('.hint').allTextContents()) assert.match(hint.replace('每行一项：', ''), /\p{Script=Han}/u, address);
    }
});
