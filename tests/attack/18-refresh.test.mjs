import assert from 'node:assert/strict';
import test from 'node:test';
import { isActive, refresh } from '../lib/app.mjs';
import { apps, users } from '../lib/demo.mjs';
import * as ldap from '../lib/ldap.mjs';
import { disable, person } from '../lib/people.mjs';
import { healthy, killed, restart } from '../lib/processes.mjs';
import { signedIn } from '../lib/signin.mjs';
import { assertError } from '../lib/same.mjs';
import { until } from '../lib/wait.mjs';

const { portal, backoffice, spa, resource } = apps;
const offline = { ask: { scope: 'openid profile offline_access' }, redeem: { resource: resource.resource } };
const online = { redeem: { resource: resource.resource } };
const refusedToken = (answer, why) => assertError(answer, 400, 'invalid_grant', why);

test('attack 18: a rotated refresh token again is invalid_grant, and the family ends', async () => {
    for (const options of [online, offline]) {
        const { refresh_token: first, access_token: old } = await signedIn(portal, users.citizen, options);
        const second = (await refresh(portal, first)).json();
        const third = (await refresh(portal, second.refresh_token)).json();
        refusedToken(await refresh(portal, first));
        refusedToken(await refresh(portal, third.refresh_token), 'the newest one is dead as well');
        assert.equal(await isActive(old), false);
    }
});

test('attack 18: fifty in parallel: one rotation', async () => {
    const { refresh_token } = await signedIn(portal, users.citizen, offline);
    const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(portal, refresh_token)));
    const good = answers.filter((a) => a.status === 200);
    assert.ok(good.length <= 1, answers.map((a) => a.status).join(' '));
    for (const answer of answers) if (answer.status !== 200) refusedToken(answer);
    for (const answer of good) refusedToken(await refresh(portal, answer.json().refresh_token), 'the family ended');
});

test('attack 18: after a restart, too', async () => {
    const { refresh_token: first } = await signedIn(portal, users.citizen, offline);
    const second = (await refresh(portal, first)).json();
    await killed('onedoor-main');
    restart();
    await healthy();
    refusedToken(await refresh(portal, first));
    refusedToken(await refresh(portal, second.refresh_token));
});

test('attack 18: another application\'s refresh token is refused, and lives on', async () => {
    const { refresh_token } = await signedIn(portal, users.citizen, offline);
    for (const app of [backoffice, spa]) refusedToken(await refresh(app, refresh_token), app.client_id);
    assert.equal((await refresh(portal, refresh_token)).status, 200);
});

test('attack 18: an altered or made-up one', async () => {
    const { refresh_token } = await signedIn(portal, users.citizen, offline);
    for (const value of ['x', 'A'.repeat(43), `${refresh_token}A`, refresh_token.slice(0, -1), ` ${refresh_token}`, refresh_token.toUpperCase(), 'x'.repeat(12000)])
        refusedToken(await refresh(portal, value), value.slice(0, 60));
    assertError(await refresh(portal, undefined), 400, 'invalid_request');
});

test('attack 19: wider scope, or another resource, at refresh is refused and burns nothing', async () => {
    const { refresh_token } = await signedIn(portal, users.citizen, { ask: { scope: 'openid profile' } });
    for (const scope of ['openid profile email', 'openid admin', 'phone', 'openid offline_access'])
        assertError(await refresh(portal, refresh_token, { scope }), 400, 'invalid_scope', scope);
    assertError(await refresh(portal, refresh_token, { resource: 'https://other.example/api' }), 400, 'invalid_target');
    assert.equal((await refresh(portal, refresh_token, { scope: 'openid' })).status, 200);
});

test('attack 19: a disabled account refreshes nothing, and its tokens die', async (t) => {
    const user = person(t);
    const here = await signedIn(portal, user, online);
    const away = await signedIn(portal, user, offline);
    disable(user);
    refusedToken(await refresh(portal, here.refresh_token));
    refusedToken(await refresh(portal, away.refresh_token));
    await until('the session is over', async () =>
        (await here.browser.open('/')).has('username') || (await here.browser.open('/account')).has('username'), { within: 8000 });
});

test('attack 19: the leaver of the demo: disabled in the directory, refused everywhere', async (t) => {
    const user = person(t, { kind: 'staff' });
    const { refresh_token } = await signedIn(portal, user, offline);
    disable(user);
    await assert.rejects(signedIn(portal, user), /not back at the application/);
    refusedToken(await refresh(portal, refresh_token));
});

test('attack 19: a person whose entry is gone refreshes nothing', async () => {
    const user = person({ after() {} });
    const { refresh_token } = await signedIn(portal, user, offline);
    ldap.remove(user.dn);
    refusedToken(await refresh(portal, refresh_token));
});
