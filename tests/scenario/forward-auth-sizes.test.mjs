// Somebody with very many roles, and browsers that send very much: told whole, or refused, and never cut or dropped.
import assert from 'node:assert/strict';
import test from 'node:test';
import { behind, open, through } from '../lib/behind.mjs';
import { Browser } from '../lib/browser.mjs';
import { demo } from '../lib/demo.mjs';
import * as ldap from '../lib/ldap.mjs';
import { person } from '../lib/people.mjs';
import { nginx } from '../lib/proxies.mjs';
import { exchange, head } from '../lib/raw.mjs';
import { role } from '../lib/roles.mjs';
import { until } from '../lib/wait.mjs';

const MANY = 90;
const name = (i) => `r${String(i).padStart(3, '0')}-${'x'.repeat(33)}`;

// One group by which a role is held, of a name that long.
function unit(t, dn, members) {
    ldap.add(dn, { objectClass: 'groupOfNames', cn: /^cn=([^,]+)/.exec(dn)[1], member: members });
    t.after(() => ldap.remove(dn));
    return dn;
}

// Somebody who holds all the roles, signed in: { app, origin, browser, ask(lines) → raw answer of the check }.
async function withManyRoles(t, groups) {
    const permissions = Array.from({ length: MANY }, (_, i) => `case:${name(i)}`.slice(0, 36));
    const { app, origin } = await behind(t, nginx, { permission: permissions, 'resource-type': 'case' });
    const user = person(t, { kind: 'staff' });
    const held = groups.map((cn) => unit(t, `cn=${cn},ou=groups,${demo.people_base}`, user.dn));
    permissions.forEach((permission, i) => role(t, app, name(i), permission, { member: held[i % held.length] }));
    const browser = new Browser();
    await through(browser, await open(browser, `${origin}/`), user);
    const cookies = (await browser.jar.getCookies(origin, { sameSiteContext: 'lax' })).map((c) => c.cookieString()).join('; ');
    const ask = (cookie, ...lines) => exchange(
        head(`GET /forward-auth/${app.client_id}/check HTTP/1.1`, 'Host: onedoor', `X-Forwarded-Host: ${new URL(origin).host}`,
            `Cookie: ${cookies}${cookie}`, ...lines),
        { quiet: 150 },
    );
    await until('all roles are told', async () => listed(await ask(''), 'Roles')?.length === MANY);
    return { app, origin, browser, ask };
}

const listed = ({ text }, what) => new RegExp(`^Remote-${what}: (.*)\r$`, 'm').exec(text)?.[1].split(',');

test('whatever the browser sends along, all roles are told, or the request is refused as too large', async (t) => {
    const groups = Array.from({ length: MANY }, (_, i) => `g${name(i)}`.slice(0, 30));
    const { ask, origin, browser } = await withManyRoles(t, groups);
    const sizes = Array.from({ length: 33 }, (_, i) => i * 500);
    const cookies = sizes.filter((size) => size <= 11000);
    const answers = await Promise.all([
        ...sizes.map((size) => ask('', `X-Much: ${'p'.repeat(size)}`)),
        ...cookies.map((size) => ask(`; much=${'p'.repeat(size)}`)),
    ]);
    const seen = answers.map((answer) => answer.statuses[0]);
    for (const [i, answer] of answers.entries()) {
        assert.ok([200, 431].includes(seen[i]), `${i}: ${seen[i]}`);
        for (const what of ['Roles', 'Groups', 'Entitlements'])
            assert.equal(listed(answer, what)?.length, seen[i] === 200 ? MANY : undefined, `${i} ${what}`);
        assert.equal(listed(answer, 'Omitted'), undefined);
    }
    const [plain, inCookies] = [seen.slice(0, sizes.length), seen.slice(sizes.length)];
    for (const [list, most] of [[plain, 8000], [inCookies, 4000]]) {
        assert.ok(list.indexOf(431) * 500 > most, `refused from ${list.indexOf(431) * 500} on`);
        assert.ok(list.slice(list.indexOf(431)).every((status) => status === 431));
    }
    const { headers } = (await browser.send(`${origin}/`)).json();
    assert.equal(headers['remote-roles'].split(',').length, MANY, 'nginx hands all of it on');
});

test('a list that is too long for a header is left out whole, and named', async (t) => {
    const { ask, origin, browser } = await withManyRoles(t, Array.from({ length: MANY }, (_, i) => `${name(i)}-${'y'.repeat(20)}`));
    const answer = await ask('');
    assert.equal(answer.statuses[0], 200);
    assert.equal(listed(answer, 'Entitlements').length, MANY);
    assert.equal(listed(answer, 'Groups'), undefined);
    assert.deepEqual(listed(answer, 'Omitted'), ['Remote-Groups']);
    assert.equal((await browser.send(`${origin}/`)).json().headers['remote-omitted'], 'Remote-Groups');
});
