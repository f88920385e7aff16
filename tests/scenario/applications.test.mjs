// What `onedoor app` changes takes effect in seconds, without a restart.
import assert from 'node:assert/strict';
import test from 'node:test';
import { authenticated, authorization, callback, isActive, refresh } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { addApp, must, onedoor, setApp } from '../lib/cli.mjs';
import { apps, users } from '../lib/demo.mjs';
import { get } from '../lib/http.mjs';
import { person } from '../lib/people.mjs';
import { signedIn } from '../lib/signin.mjs';
import { until } from '../lib/wait.mjs';

const web = {
    method: 'client_secret_basic', grant: ['authorization_code', 'refresh_token', 'client_credentials'],
    scope: ['openid', 'profile'], 'redirect-uri': 'https://localhost:9443/new/callback',
    'may-request': apps.resource.resource,
};

const soon = (what, ask) => until(what, ask, { within: 1000, every: 50 });

test('a new application works, and its secret was shown once and is nowhere else', async (t) => {
    const app = await addApp(t, web);
    assert.ok(app.client_secret.length >= 43, '256 bits');
    const { id_token } = await signedIn(app, users.citizen);
    assert.ok(id_token);
    assert.ok(!must('app', 'show', app.client_id).includes(app.client_secret));
    assert.match(must('app', 'list'), new RegExp(`^${app.client_id}\t`, 'm'));
});

test('a changed redirect address: the new one works, the old one no longer', async (t) => {
    const app = await addApp(t, web);
    setApp(app, { 'redirect-uri': 'https://localhost:9443/changed/callback' });
    const moved = { ...app, redirect_uris: ['https://localhost:9443/changed/callback'] };
    await soon('the new address is known', async () => (await new Browser().open(authorization(moved).url)).has('username'));
    assert.equal((await get(authorization(app).url)).location, undefined);
});

test('a removed application: unknown, and its tokens inactive', async (t) => {
    const app = await addApp(t, web);
    const { access_token, refresh_token } = await signedIn(app, users.citizen, { redeem: { resource: apps.resource.resource } });
    assert.equal(await isActive(access_token), true);
    must('app', 'remove', app.client_id);
    await soon('its token is inactive', async () => !(await isActive(access_token)));
    assert.equal((await refresh(app, refresh_token)).json().error, 'invalid_client');
    assert.equal((await get(authorization(app).url)).location, undefined);
});

test('a disabled one is as good as removed, until it is enabled again', async (t) => {
    const app = await addApp(t, web);
    setApp(app, { disabled: 'TRUE' });
    await soon('it is refused', async () => (await get(authorization(app).url)).status >= 400);
    setApp(app, { disabled: 'FALSE' });
    await soon('it is back', async () => (await get(authorization(app).url)).status < 400);
});

test('an exchanged secret: both work until the old one is dropped', async (t) => {
    const app = await addApp(t, web);
    const second = { ...app, client_secret: /client_secret=(\S+)/.exec(must('app', 'secret', app.client_id))[1] };
    const works = async (as) =>
        (await authenticated('/token', as, { grant_type: 'client_credentials' })).status !== 401;
    await soon('the new secret works', () => works(second));
    assert.ok(await works(app), 'so does the old one');
    must('app', 'secret', app.client_id, '--drop-old');
    await soon('the old secret is refused', async () => !(await works(app)));
    assert.ok(await works(second));
});

test('only people of the kinds it is for come in', async (t) => {
    const app = await addApp(t, { ...web, 'person-kind': 'staff' });
    const staff = person(t, { kind: 'staff' });
    assert.ok((await signedIn(app, staff)).id_token);
    const citizen = person(t);
    const { browser } = await signedIn(apps.portal, citizen);
    const page = await browser.open(authorization(app).url);
    assert.ok(!(page.left && callback(page.left).code), 'no code for a citizen');
});

test('what is not valid is refused in words, and nothing is written', (t) => {
    t.after(() => onedoor('app', 'remove', 'bad-app'));
    const cases = [
        ['redirect-uri=https://a.example/*'], ['redirect-uri=javascript:alert(1)'], ['redirect-uri=https://a.example/cb#x'],
        ['redirect-uri=http://a.example/cb'], ['redirect-uri=data:text/html,x'], ['redirect-uri=https://u@a.example/'],
        ['grant=password'], ['method=tls_client_auth'], ['acr=enormous'], ['colour=blue'], ['access-token-seconds=1'],
        ['redirect-uri=//a.example/cb'], ['redirect-uri=/cb'], ['resource=no uri'],
    ];
    for (const settings of cases) {
        const done = onedoor('app', 'add', 'bad-app', 'method=client_secret_basic', 'grant=authorization_code',
            'scope=openid', 'redirect-uri=https://good.example/cb', ...settings);
        assert.notEqual(done.status, 0, settings[0]);
        assert.ok(done.err.length > 10, settings[0]);
        assert.notEqual(onedoor('app', 'show', 'bad-app').status, 0, `${settings[0]} was written`);
    }
});

test('a taken name is refused, and the application stays as it was', () => {
    const before = must('app', 'show', 'portal');
    assert.notEqual(onedoor('app', 'add', 'portal', 'method=none', 'redirect-uri=https://evil.example/').status, 0);
    assert.equal(must('app', 'show', 'portal'), before);
});
