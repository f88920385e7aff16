import assert from 'node:assert/strict';
import test from 'node:test';
import { authorization } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { onedoor } from '../lib/cli.mjs';
import { apps, httpsRedirect, loopbackRedirect } from '../lib/demo.mjs';
import { get, post } from '../lib/http.mjs';
import { assertPage } from '../lib/same.mjs';

const { portal, spa } = apps;
const good = httpsRedirect(portal);
const u = new URL(good);

const visit = (app, changes) => get(authorization(app, changes).url);

test('attack 1: an unknown client gets a page, by GET and by POST', async () => {
    for (const client_id of ['nobody', 'Portal', 'portal ', 'portal\u0000', '*', 'porta', 'portal)(cn=*', '../portal', 'p'.repeat(5000), undefined, '']) {
        const asked = authorization(portal, { client_id });
        assertPage(await get(asked.url), `client_id ${client_id?.slice(0, 20)}`);
        assertPage(await post('/authorize', asked.url.split('?')[1]), `posted client_id ${client_id?.slice(0, 20)}`);
    }
});

test('attack 1: an address that differs in one byte gets a page', async () => {
    const { origin, pathname } = u;
    const others = [
        `${good}/`, `${good}?bar=foo`, `${good}?`, `${good}#`, `${good}#x`, good.slice(0, -1), `${good}x`, good.toUpperCase(),
        good.replace('callback', 'Callback'), good.replace('callback', '%63allback'), good.replace('callback', 'x/../callback'),
        good.replace('callback', './callback'), good.replace('https', 'http'), good.replace('https', 'HTTPS'),
        good.replace('//localhost', '//user@localhost'), good.replace('//localhost', '//localhost:9443@evil.example'),
        good.replace(':9443', ':9444'), good.replace(':9443', ''), good.replace('localhost', 'localhost.evil.example'),
        good.replace('localhost', 'LOCALHOST'), good.replace('localhost', 'localhost.'), `${origin}\\${pathname}`,
        ` ${good}`, `${good} `, `${good}\n`, `${good}\u0000`, `${good}%00`, `${good};x`, `//${u.host}${pathname}`, pathname,
        'https://evil.example/', `https://evil.example/?${good}`, 'javascript:alert(1)', 'data:text/html,x', undefined, '',
    ];
    for (const redirect_uri of others) assertPage(await visit(portal, { redirect_uri }), `redirect_uri ${JSON.stringify(redirect_uri)}`);
    assert.ok((await visit(portal, { redirect_uri: good })).location, 'the registered one goes on');
});

test('attack 1: the address of another application is no address of this one', async () => {
    assertPage(await visit(portal, { redirect_uri: httpsRedirect(spa) }));
});

test('attack 1: errors in the rest of the request go to the registered address only', async () => {
    const asked = authorization(portal, { response_type: 'nonsense' });
    assert.ok((await get(asked.url)).location.startsWith(`${good}?`));
    assertPage(await visit(portal, { response_type: 'nonsense', redirect_uri: 'https://evil.example/' }));
});

test('attack 2: of a native application\'s loopback address only the port may differ', async () => {
    const registered = loopbackRedirect(spa);
    for (const port of ['1', '49152', '65535'])
        assert.ok((await visit(spa, { redirect_uri: registered.replace(':9080', `:${port}`) })).location, port);
    const others = [
        registered.replace('127.0.0.1', 'localhost'), registered.replace('127.0.0.1', '127.0.0.2'), registered.replace('127.0.0.1', '[::1]'),
        registered.replace('http:', 'https:'), `${registered}/`, `${registered}?x=1`, registered.replace('callback', 'other'),
        registered.replace(':9080', ':99999'), registered.replace(':9080', ':0'), registered.replace(':9080', ':x'),
        registered.replace(':9080', ':80@evil.example'), registered.replace('127.0.0.1:9080', '127.0.0.1.evil.example:9080'),
        registered.replace('127.0.0.1', '2130706433'), registered.replace('127.0.0.1', '0x7f.1'),
    ];
    for (const redirect_uri of others) assertPage(await visit(spa, { redirect_uri }), redirect_uri);
});

test('attack 2: a confidential application has no free port', async () => {
    const registered = loopbackRedirect(portal);
    assertPage(await visit(portal, { redirect_uri: registered.replace(':9080', ':9081') }));
});

test('attack 3: addresses that must not be registered are not', (t) => {
    const id = 'attack-three';
    t.after(() => onedoor('app', 'remove', id));
    const bad = [
        'https://*.example/cb', 'https://a.example/*', 'https://a.example/cb*', 'javascript:alert(1)', 'JavaScript:alert(1)',
        'data:text/html,<script>', 'vbscript:x', 'file:///etc/passwd', 'https://a.example/cb#frag', 'https://a.example/cb#',
        'https://user@a.example/cb', 'https://user:pw@a.example/cb', 'http://a.example/cb', 'ftp://a.example/', '//a.example/cb',
        '/cb', 'https://', 'https:///cb', 'https:a.example', 'https://a.example/a/../cb', 'https://a.example/%2e%2e/cb',
        'https://a.example/ cb', 'https://a.example/\ncb', 'about:blank', 'blob:https://a.example/x', 'https://a.example:x/cb',
        'http://127.0.0.1.evil.example/cb', 'http://localhost@evil.example/cb', `https://a.example/${'x'.repeat(3000)}`,
    ];
    for (const method of ['client_secret_basic', 'none'])
        for (const uri of bad) {
            const done = onedoor('app', 'add', id, `method=${method}`, 'grant=authorization_code', 'scope=openid', `redirect-uri=${uri}`);
            assert.notEqual(done.status, 0, `${method}: ${uri}`);
            const logout = onedoor('app', 'add', id, `method=${method}`, 'grant=authorization_code', 'scope=openid',
                'redirect-uri=https://a.example/cb', `post-logout-redirect-uri=${uri}`);
            assert.notEqual(logout.status, 0, `post-logout, ${method}: ${uri}`);
        }
});

test('attack 3: a scheme of one\'s own is for public applications only', (t) => {
    const id = 'attack-three-private';
    t.after(() => onedoor('app', 'remove', id));
    const done = onedoor('app', 'add', id, 'method=client_secret_basic', 'grant=authorization_code', 'scope=openid',
        'redirect-uri=org.example.app:/cb');
    assert.notEqual(done.status, 0);
});

test('attack 1: no sign-in is begun for a refused request', async () => {
    const browser = new Browser();
    const page = await browser.open(authorization(portal, { redirect_uri: 'https://evil.example/' }).url);
    assert.ok(!page.has('password') && !page.text.includes('evil.example/"'), 'and no link to it');
});
