import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { authenticated, authorization, introspect, redeem, refresh, revoke } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { apps, demo, state, users } from '../lib/demo.mjs';
import { get, post } from '../lib/http.mjs';
import { person } from '../lib/people.mjs';
import { pidOf } from '../lib/processes.mjs';
import { enter, enterCode, signedIn } from '../lib/signin.mjs';
import { exchange, head } from '../lib/raw.mjs';

const { portal, backoffice } = apps;
const logs = () => fs.readdirSync(path.join(state, 'log')).map((name) => fs.readFileSync(path.join(state, 'log', name), 'latin1')).join('\n');

test('attack 50: no password, seed, code, token, cookie or identity number in any log', async (t) => {
    const identity = '11010519491231002X';
    const user = person(t, { kind: 'staff', totp: true, employeeNumber: identity });
    const browser = new Browser();
    const asked = authorization(backoffice);
    let page = await browser.open(asked.url);
    page = await browser.submit(page, { username: user.username, password: `${user.password}-wrong` });
    page = await browser.submit(page, { username: user.username, password: user.password });
    await browser.submit(page, { otp: '123456' });
    page = await enterCode(browser, page, user);
    const code = page.left.searchParams.get('code');
    const tokens = (await redeem(asked, code)).json();
    await redeem(asked, 'wrong-code-of-somebody');
    await refresh(backoffice, tokens.refresh_token);
    await refresh(backoffice, tokens.refresh_token);
    await introspect(tokens.access_token);
    await revoke(backoffice, tokens.access_token);
    await get(`/userinfo?access_token=${tokens.access_token}`);
    await get('/userinfo', { headers: { authorization: `Bearer ${tokens.access_token}x` } });
    await authenticated('/token', { ...backoffice, client_secret: 'a-wrong-secret-of-a-client' }, { grant_type: 'client_credentials' });
    const source = '127.5.50.1';
    const other = new Browser({ source });
    await other.submit(await other.open(authorization(portal).url), { username: identity, password: 'typed-in-the-wrong-place' });
    const swapped = new Browser({ source });
    await swapped.submit(await swapped.open(authorization(portal).url), { username: user.password, password: user.username });
    await browser.open(`/logout?id_token_hint=${tokens.id_token}`);

    const written = logs();
    const secrets = {
        password: user.password, 'wrong password': `${user.password}-wrong`, seed: user.totp_secret, recovery: user.recovery_codes[0], code, 'access token': tokens.access_token, 'refresh token': tokens.refresh_token,
        'ID token': tokens.id_token, verifier: asked.verifier, 'client secret': backoffice.client_secret, 'wrong secret': 'a-wrong-secret-of-a-client', session: await browser.cookie('__Host-onedoor-session'),
        'browser cookie': await browser.cookie('__Host-onedoor-browser'), device: await browser.cookie('__Host-onedoor-device'), 'identity number': identity, 'password typed as a name': user.password,
        'password elsewhere': 'typed-in-the-wrong-place', 'directory password': demo.ldap.admin_password, 'wrong code': 'wrong-code-of-somebody',
    };
    for (const [name, secret] of Object.entries(secrets)) {
        if (!secret) continue;
        assert.ok(!written.includes(secret), `${name} stands in a log`);
        assert.ok(!written.includes(encodeURIComponent(secret)), `${name}, encoded, stands in a log`);
        assert.ok(!written.includes(Buffer.from(secret).toString('base64').replace(/=+$/, '')), `${name}, in base64, stands in a log`);
    }
});

test('attack 50: error pages tell no path, no version, no software', async () => {
    const answers = await Promise.all([
        get('/nowhere'), get('/nowhere', { headers: { accept: 'text/html' } }), post('/nowhere', 'a=b'), get('/signin?t=x'), get('/authorize'), post('/token', 'x'), post('/token', '%zz'), get('/token'),
        post('/introspect', 'x'), get('/static/../x'), get('/userinfo', { headers: { authorization: 'Bearer x' } }), get('/logout?id_token_hint=x'),
    ]);
    for (const answer of answers) {
        const all = answer.text + JSON.stringify(answer.headers);
        assert.doesNotMatch(all, /microhttpd|openssl|gnutls|hiredis|openldap|slapd|redis|\.c:\d|\/work\/|\/usr\/|\/etc\/|\/home\/|onedoor\/\d|stack|Debian/i, answer.url);
        assert.equal(answer.headers.server, undefined);
        assert.equal(answer.headers['x-powered-by'], undefined);
    }
    const broken = await exchange(head('GET / HTTP/1.1', 'Host: a', 'Host: b'));
    assert.doesNotMatch(broken.text, /microhttpd|Server:/i);
});

test('attack 50: the process leaves no core file, and its secrets are not in its arguments or environment', () => {
    const pid = pidOf('onedoor-main');
    assert.match(fs.readFileSync(`/proc/${pid}/limits`, 'utf8'), /Max core file size +0 +0/);
    const words = fs.readFileSync(`/proc/${pid}/cmdline`, 'latin1');
    for (const file of ['slapd/service.password', 'master.key']) {
        const secret = fs.readFileSync(path.join(state, file), 'utf8').trim();
        assert.ok(!words.includes(secret), file);
    }
});

test('attack 50: files with secrets are for their owner only', () => {
    for (const file of ['master.key', 'tls/server.key', 'tls/ca.key', 'slapd/service.password', 'slapd/admin.password', 'log/audit-main.log', 'demo.json'])
        assert.equal(fs.statSync(path.join(state, file)).mode & 0o077, 0, file);
});

test('attack 50: what is personal is never cached by anybody', async () => {
    const { browser, asked } = await signedIn(portal, users.citizen);
    const { returned } = await enter(browser, portal, users.citizen);
    const answers = [await browser.open('/'), await browser.open('/account'), await browser.send(authorization(portal).url), await redeem(asked, 'x'), await introspect('x'), await get('/userinfo')];
    for (const answer of answers) assert.match(answer.headers['cache-control'] ?? '', /no-store/, answer.url);
    assert.ok(returned.code);
});
