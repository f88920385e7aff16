// An old application behind nginx and behind Caddy: it knows nothing of sign-in, and is told who is there.
import assert from 'node:assert/strict';
import test from 'node:test';
import { behind, open, through } from '../lib/behind.mjs';
import { Browser } from '../lib/browser.mjs';
import { demo, issuer } from '../lib/demo.mjs';
import * as ldap from '../lib/ldap.mjs';
import { disable, person } from '../lib/people.mjs';
import { caddy, nginx } from '../lib/proxies.mjs';
import { signInAt } from '../lib/signin.mjs';
import { until } from '../lib/wait.mjs';

const seen = (answer) => {
    assert.equal(answer.status, 200, answer.text);
    return answer.json();
};

for (const [name, proxy] of [['nginx', nginx], ['caddy', caddy]]) {
    test(`${name}: who opens the application signs in, comes back to the very page, and is named in headers`, async (t) => {
        const { origin } = await behind(t, proxy);
        const user = person(t, { mail: 'a.b@mail.example', displayName: '李 明' });
        const browser = new Browser();
        const page = await open(browser, `${origin}/files/list?year=2026&sort=a%20b`);
        assert.ok(page.url.startsWith(`${issuer}/signin`), page.url);
        const { url, headers } = seen(await through(browser, page, user));
        assert.equal(url, '/files/list?year=2026&sort=a%20b');
        assert.equal(headers['remote-user'], user.username);
        assert.equal(decodeURIComponent(headers['remote-name']), '李 明');
        assert.equal(decodeURIComponent(headers['remote-email']), 'a.b@mail.example');
        assert.equal(headers['remote-acr'], 'low');
        assert.equal(seen(await browser.send(`${origin}/again`)).headers['remote-user'], user.username, 'without a form');
    });

    test(`${name}: headers that the browser sent never reach the application`, async (t) => {
        const { origin } = await behind(t, proxy, { scope: 'openid' });
        const user = person(t);
        const browser = new Browser();
        const page = await open(browser, `${origin}/`);
        await through(browser, page, user);
        const forged = Object.fromEntries(['User', 'Actor', 'Name', 'Email', 'Roles', 'Groups', 'Entitlements', 'Organisation', 'Acr', 'Omitted']
            .map((n) => [`Remote-${n}`, 'forged']));
        const { headers } = seen(await browser.send(`${origin}/`, { headers: forged }));
        assert.equal(headers['remote-user'], user.username);
        assert.ok(!JSON.stringify(headers).includes('forged'), JSON.stringify(headers));
        const outside = await new Browser().send(`${origin}/`, { headers: forged });
        assert.equal(outside.status, 303);
    });

    test(`${name}: signed out at Onedoor, disabled, or out of the application: the next request is turned away`, async (t) => {
        const { origin } = await behind(t, proxy);
        const user = person(t);
        const browser = new Browser();
        await through(browser, await open(browser, `${origin}/`), user);
        const entry = await browser.jar.getCookies(origin, { sameSiteContext: 'lax' });
        const out = await browser.send(`${origin}/.onedoor/sign-out`);
        assert.ok(out.location.startsWith(`${issuer}/logout`), out.location);
        const replay = { cookie: entry.map((c) => c.cookieString()).join('; ') };
        assert.equal((await new Browser().send(`${origin}/`, { headers: replay })).status, 303, 'the old cookie is worth nothing');

        seen(await open(browser, `${origin}/`)); // the session at Onedoor lives: no form
        disable(user);
        await until('the next request is turned away', async () => (await browser.send(`${origin}/`)).status !== 200, { within: 3000 });
    });
}

// A role of the application for that person, until the test ends.
function role(t, app, name, permission, member) {
    const unit = `ou=${app.client_id},ou=roles,${demo.registry_base}`;
    ldap.add(unit, { objectClass: 'organizationalUnit', ou: app.client_id });
    ldap.add(`cn=${name},${unit}`, {
        objectClass: 'onedoorRole', cn: name, onedoorClientId: app.client_id, onedoorPermission: permission, member,
    });
    t.after(() => [`cn=${name},${unit}`, unit].forEach((dn) => ldap.remove(dn)));
    return `cn=${name},${unit}`;
}

test('roles are told, an address that needs a permission opens with it, and closes when it is withdrawn', async (t) => {
    const { app, origin } = await behind(t, nginx, { permission: 'case:approve', 'resource-type': 'case' });
    const [user, other] = [person(t), person(t)];
    const dn = role(t, app, 'approver', 'case:approve', user.dn);
    const [browser, stranger] = [new Browser(), new Browser()];
    await through(browser, await open(browser, `${origin}/`), user);
    const told = await until('the role is told', async () => {
        const { headers } = seen(await browser.send(`${origin}/`));
        return headers['remote-roles'] && headers;
    }, { within: 3000 });
    assert.equal(told['remote-roles'], 'approver');
    assert.equal(decodeURIComponent(told['remote-entitlements']), 'case:approve');
    assert.equal(seen(await browser.send(`${origin}/approve`)).headers['remote-user'], user.username);
    await through(stranger, await open(stranger, `${origin}/`), other);
    assert.equal((await stranger.send(`${origin}/approve`)).status, 403);
    ldap.replace(dn, 'member', other.dn);
    await until('the rights have changed hands', async () =>
        (await browser.send(`${origin}/approve`)).status === 403 && (await stranger.send(`${origin}/approve`)).status === 200,
    { within: 3000 });
});

test('an application that asks for two factors gets them', async (t) => {
    const { origin } = await behind(t, nginx, { acr: 'substantial' });
    const user = person(t, { kind: 'staff', totp: true });
    const browser = new Browser();
    const { headers } = seen(await through(browser, await open(browser, `${origin}/`), user));
    assert.equal(headers['remote-acr'], 'substantial');
});

test('who is not admitted is told so, and signs in to no avail', async (t) => {
    const { origin } = await behind(t, caddy, { 'person-kind': 'staff' });
    const browser = new Browser();
    const answer = await through(browser, await open(browser, `${origin}/`), person(t));
    assert.equal(answer.status, 403, answer.text);
});

test('what is no navigation gets 401 instead of a page', async (t) => {
    const { origin } = await behind(t, caddy);
    const browser = new Browser();
    assert.equal((await browser.send(`${origin}/data.json`, { headers: { 'sec-fetch-mode': 'cors' } })).status, 401);
    assert.equal((await browser.send(`${origin}/`, { method: 'POST', body: 'a=b' })).status, 401);
});

test('a callback without this browser\'s ticket, with another state, or twice: refused', async (t) => {
    const { app, origin } = await behind(t, nginx);
    const user = person(t);
    const victim = new Browser();
    const attacker = new Browser();
    // The attacker signs in and stops at the callback, to send its address to the victim (login CSRF).
    const page = await open(attacker, `${origin}/`);
    const { left } = await signInAt(attacker, page, user);
    assert.equal((await victim.send(left)).status, 403, 'no ticket');
    const wrong = new URL(left);
    wrong.searchParams.set('state', 'x'.repeat(43));
    const other = new Browser();
    await other.send(`${origin}/`);
    assert.equal((await other.send(wrong)).status, 403, 'another state');
    seen(await open(attacker, left));
    assert.equal((await attacker.send(left)).status, 403, 'a second time');
    assert.ok(app.client_id);
});

test('a host, a path or an application that is not registered leads nowhere', async (t) => {
    const { app, origin } = await behind(t, nginx);
    const ask = (path, headers) => new Browser().send(`${issuer}${path}`, { headers });
    const host = new URL(origin).host;
    for (const [path, headers] of [
        [`/forward-auth/${app.client_id}/start`, { 'x-forwarded-host': 'evil.example' }],
        [`/forward-auth/${app.client_id}/start`, {}],
        ['/forward-auth/portal/start', { 'x-forwarded-host': host }],
        ['/forward-auth/nobody/start', { 'x-forwarded-host': host }],
    ]) {
        const answer = await ask(path, headers);
        assert.equal(answer.status, 400, `${path} ${JSON.stringify(headers)}`);
        assert.equal(answer.location, undefined);
    }
    assert.equal((await ask(`/forward-auth/${app.client_id}/what`, { 'x-forwarded-host': host })).status, 404);
});

test('wherever a request points, the person comes back to the very host', async (t) => {
    const { origin } = await behind(t, nginx);
    const user = person(t);
    const browser = new Browser();
    await through(browser, await open(browser, `${origin}/`), user);
    for (const evil of ['//evil.example/', '/%5Cevil.example', '/@evil.example/', '/.onedoor/unknown']) {
        await browser.jar.removeAllCookies();
        const page = await open(browser, `${origin}${evil}`);
        const { left } = await signInAt(browser, page, user);
        const back = await browser.send(left);
        assert.equal(new URL(back.location, back.url).origin, origin, `${evil} led to ${back.location}`);
    }
});
