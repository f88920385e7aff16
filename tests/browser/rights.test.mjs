// The sample city in a browser: who signed in sees departments, roles and reach, as the directory says now.
import assert from 'node:assert/strict';
import test, { after } from 'node:test';
import { assertAccessible } from '../lib/accessible.mjs';
import { picture, stop, visitor } from '../lib/chromium.mjs';
import { demo, issuer, users } from '../lib/demo.mjs';
import * as ldap from '../lib/ldap.mjs';
import { person } from '../lib/people.mjs';
import { freshCode } from '../lib/totp.mjs';
import { until } from '../lib/wait.mjs';

after(stop);

async function signInTo(page, path, user) {
    await page.goto(`${issuer}${path}`);
    await page.fill('[name=username]', user.username);
    await page.fill('[name=password]', user.password);
    await page.click('form:has([name=password]) [type=submit]');
    if (!user.totp_secret) return;
    await page.fill('[name=otp]', await freshCode(user.totp_secret));
    await page.click('form:has([name=otp]) [type=submit]');
}

const text = (page) => page.innerText('main');

const shows = (page, what) =>
    until('the page shows it', async () => (await page.reload()) && what(await text(page)), { within: 3000 });

test('a staff member sees departments, roles, permissions and how far they reach', async (t) => {
    for (const [locale, wanted] of [
        ['en', [/Approver|案件审批员/, /case:approve/, /your department/]],
        ['zh-CN', [/案件审批员/, /住房和城乡建设局/, /行政审批局/, /本部门/, /案件办理/]],
    ]) {
        const { page, complaints } = await visitor(t, { locale });
        await signInTo(page, '/rights', users.staff);
        await page.waitForURL(`${issuer}/rights`);
        for (const what of wanted) assert.match(await text(page), what);
        await assertAccessible(page, `/rights in ${locale}`);
        await picture(page, `rights-${locale}`);
        assert.deepEqual(complaints, []);
    }
});

test('what is withdrawn in the directory is gone when the page is read again', async (t) => {
    const user = person(t, { kind: 'staff', departmentNumber: '330102/D0413' });
    const dn = `cn=test-${user.username},cn=approver,ou=backoffice,ou=roles,${demo.registry_base}`;
    ldap.add(dn, {
        objectClass: 'onedoorAssignment', cn: `test-${user.username}`, member: user.dn,
        onedoorDataScope: 'listed', onedoorOrganisation: '330106/D0502',
    });
    t.after(() => { try { ldap.remove(dn); } catch { /* the test did */ } });
    const { page } = await visitor(t, { locale: 'zh-CN' });
    await signInTo(page, '/rights', user);
    await shows(page, (seen) => /案件审批员[\s\S]*人力资源和社会保障局/.test(seen));
    ldap.remove(dn);
    await shows(page, (seen) => !seen.includes('案件审批员'));
});

test('who has no role is told so', async (t) => {
    const { page } = await visitor(t);
    await signInTo(page, '/rights', person(t));
    assert.match(await text(page), /You hold no role/);
    await picture(page, 'rights-none');
});
