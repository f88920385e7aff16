import assert from 'node:assert/strict';
import test from 'node:test';
import { revoke } from '../lib/app.mjs';
import { apps, users } from '../lib/demo.mjs';
import { get, post } from '../lib/http.mjs';
import { signedIn } from '../lib/signin.mjs';

const { portal, resource } = apps;
const { access_token } = await signedIn(portal, users.citizen);
const bearer = (token) => ({ authorization: `Bearer ${token}` });

test('attack 34: an access token in the query is refused', async () => {
    for (const headers of [{}, bearer(access_token)]) {
        const answer = await get(`/userinfo?access_token=${access_token}`, { headers });
        assert.equal(answer.status, 400);
        assert.ok(!answer.text.includes('sub'));
    }
});

test('attack 34: in two places is refused', async () => {
    assert.equal((await post('/userinfo', { access_token }, { headers: bearer(access_token) })).status, 400);
    assert.equal((await post('/userinfo', `access_token=${access_token}&access_token=${access_token}`)).status, 400);
    const twice = await get('/userinfo', { headers: { authorization: [`Bearer ${access_token}`, `Bearer ${access_token}`] } });
    assert.ok([400, 401].includes(twice.status));
});

test('attack 34: the header, or the form of a post, is where it belongs', async () => {
    assert.equal((await get('/userinfo', { headers: bearer(access_token) })).status, 200);
    assert.equal((await post('/userinfo', '', { headers: bearer(access_token) })).status, 200);
    const inForm = await post('/userinfo', { access_token });
    assert.ok([200, 400, 401].includes(inForm.status));
});

test('attack 34: what is no token says so in WWW-Authenticate, and gives nothing away', async () => {
    const { access_token: dead } = await signedIn(portal, users.citizen);
    await revoke(portal, dead);
    const { access_token: forOther } = await signedIn(portal, users.citizen, { redeem: { resource: resource.resource } });
    for (const token of ['x', dead, `${access_token}x`, 'a.b.c', '']) {
        const answer = await get('/userinfo', { headers: bearer(token) });
        assert.ok(answer.status === 401 || (token === '' && answer.status === 400), `${token.slice(0, 10)}: ${answer.status}`);
        if (answer.status === 401) assert.match(answer.headers['www-authenticate'], /^Bearer/);
    }
    const bare = await get('/userinfo');
    assert.equal(bare.status, 401);
    assert.match(bare.headers['www-authenticate'], /^Bearer/);
    assert.doesNotMatch(bare.headers['www-authenticate'], /error=/, 'RFC 6750 section 3.1');
    assert.notEqual((await get('/userinfo', { headers: bearer(forOther) })).status, 200, 'meant for the records service');
});
