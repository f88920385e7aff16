// What ends by itself, each at its time. These wait, so they wait together.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { authenticated, authorization, introspect, isActive } from '../lib/app.mjs';
import { addApp, must } from '../lib/cli.mjs';
import { apps, issuer, users } from '../lib/demo.mjs';
import { get } from '../lib/http.mjs';
import { ownServer } from '../lib/own-server.mjs';
import { assertSame } from '../lib/same.mjs';
import { signedIn } from '../lib/signin.mjs';
import { until } from '../lib/wait.mjs';

const { portal, resource } = apps;

describe('in time', { concurrency: true }, () => {
    test('attack 28: the old kid verifies after a rotation, then no more', async (t) => {
        const server = await ownServer(t, { 'keys.overlap': '60', 'tokens.access_token': '60', 'tokens.id_token': '60' });
        const at = { via: server.via };
        const { access_token } = await signedIn(portal, users.citizen, { ...at, redeem: { resource: resource.resource } });
        const { kid } = decodeProtectedHeader(access_token);
        must('keys', 'rotate', 'ES256');
        const jwks = createRemoteJWKSet(new URL('/jwks', issuer), { cooldownDuration: 0 });
        await until('a new key signs', async () => {
            const next = await signedIn(portal, users.citizen, at);
            return decodeProtectedHeader(next.access_token).kid !== kid;
        }, { within: 15000, every: 1000 });
        await jwtVerify(access_token, jwks, { issuer });
        assert.equal((await introspect(access_token, at)).json().active, true);
        await until('the old key is published no longer by a server with a short overlap', async () => {
            return !(await get('/jwks', at)).json().keys.some((key) => key.kid === kid);
        }, { within: 90000, every: 1000 });
        assert.equal((await introspect(access_token, at)).json().active, false);
    });

    test('attacks 30 and 31: a hot token is inactive as soon as its time is over', async (t) => {
        const app = await addApp(t, {
            method: 'client_secret_basic', grant: 'client_credentials', scope: 'a', 'access-token-seconds': 30, 'may-request': resource.resource,
        });
        const { access_token } = (await authenticated('/token', app, { grant_type: 'client_credentials', resource: resource.resource })).json();
        const { exp } = (await introspect(access_token)).json();
        await until('it is inactive', async () => !(await isActive(access_token)), { within: 33000, every: 50 });
        const late = Date.now() / 1000 - exp;
        assert.ok(late < 1.5 && late > -1.5, `${late} s after exp`);
        assertSame(await introspect(access_token), await introspect('x'.repeat(43)), 'expired is as good as never issued');
    });

    test('attack 44: a session is over at its absolute limit, though it is used all the time', async (t) => {
        const server = await ownServer(t, { 'sign_in.session_absolute': '60' });
        const { browser } = await signedIn(portal, users.citizen, { via: server.via });
        await until('it is over', async () => (await browser.open(authorization(portal).url)).has('username'), { within: 65000, every: 1000 });
    });
});
