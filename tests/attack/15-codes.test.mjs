import assert from 'node:assert/strict';
import test from 'node:test';
import { authenticated, challengeOf, isActive, redeem, refresh } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { apps, loopbackRedirect, users } from '../lib/demo.mjs';
import { enter, signedIn } from '../lib/signin.mjs';
import { ownServer } from '../lib/own-server.mjs';
import { assertError } from '../lib/same.mjs';
import { sleep } from '../lib/wait.mjs';

const { portal, backoffice, spa, resource } = apps;
const code = (changes) => enter(new Browser(), portal, users.citizen, changes);
const refusedCode = (answer, why) => assertError(answer, 400, 'invalid_grant', why);

test('attack 15: a code twice is invalid_grant, and what it gave is revoked', async () => {
    const { asked, returned } = await code();
    const tokens = (await redeem(asked, returned.code, { resource: resource.resource })).json();
    assert.equal(await isActive(tokens.access_token), true);
    refusedCode(await redeem(asked, returned.code));
    assert.equal(await isActive(tokens.access_token), false);
    refusedCode(await refresh(portal, tokens.refresh_token));
    refusedCode(await redeem(asked, returned.code), 'a third time');
});

test('attack 15: fifty in parallel: exactly one success, and it is revoked by the others', async () => {
    const { asked, returned } = await code();
    const answers = await Promise.all(Array.from({ length: 50 }, () => redeem(asked, returned.code)));
    const good = answers.filter((a) => a.status === 200);
    assert.equal(good.length, 1, answers.map((a) => a.status).join(' '));
    for (const answer of answers) if (answer.status !== 200) refusedCode(answer);
    refusedCode(await refresh(portal, good[0].json().refresh_token));
});

test('attack 16: a code of another client, without burning it', async () => {
    const { asked, returned } = await code();
    for (const app of [backoffice, spa])
        refusedCode(await redeem({ ...asked, app }, returned.code), app.client_id);
    assert.equal((await redeem(asked, returned.code)).status, 200, 'a stranger\'s try costs the owner nothing');
});

test('attack 16: another redirect_uri, or none', async () => {
    const { asked, returned } = await code();
    for (const redirect_uri of [loopbackRedirect(portal), `${asked.redirect_uri}/`, 'https://evil.example/', undefined, ''])
        assert.ok(['invalid_grant', 'invalid_request'].includes((await redeem(asked, returned.code, { redirect_uri })).json().error), redirect_uri);
    assert.equal((await redeem(asked, returned.code)).status, 200);
});

test('attack 16: without its verifier, or with a wrong one', async () => {
    const { asked, returned } = await code();
    const wrong = [undefined, '', 'x', `${asked.verifier}x`, asked.verifier.slice(1), asked.code_challenge, asked.verifier.toLowerCase(),
        challengeOf(asked.verifier), 'A'.repeat(43), 'A'.repeat(129), ` ${asked.verifier}`];
    for (const code_verifier of wrong) {
        const answer = await redeem(asked, returned.code, { code_verifier });
        assert.equal(answer.status, 400, code_verifier);
        assert.ok(['invalid_grant', 'invalid_request'].includes(answer.json().error), code_verifier);
    }
});

test('attack 16: a late code', async (t) => {
    const server = await ownServer(t, { 'tokens.code': '5' });
    const at = { via: server.via };
    const { asked, returned } = await enter(new Browser(at), portal, users.citizen);
    await sleep(5600);
    refusedCode(await redeem(asked, returned.code, {}, at));
});

test('attack 16: no code, an altered one, a made-up one', async () => {
    const { asked, returned } = await code();
    const altered = returned.code.slice(0, -2) + (returned.code.endsWith('AA') ? 'BB' : 'AA');
    for (const value of [altered, 'x', 'A'.repeat(43), `${returned.code} `, `${returned.code}%00`, 'x'.repeat(10000), returned.code.toLowerCase()])
        assert.ok(['invalid_grant', 'invalid_request'].includes((await redeem(asked, value)).json().error), value.slice(0, 50));
    for (const value of [undefined, '']) assertError(await redeem(asked, value), 400, 'invalid_request');
});

test('attack 16: a code of a session that has ended since', async () => {
    const browser = new Browser();
    const { asked, returned } = await enter(browser, portal, users.citizen);
    const other = await signedIn(portal, users.citizen);
    await other.browser.open(`/logout?id_token_hint=${other.id_token}`);
    assert.equal((await redeem(asked, returned.code)).status, 200, 'another session\'s end is none of ours');
    const second = await enter(browser, portal, users.citizen);
    const page = await browser.open('/logout');
    await browser.submit(page, {}, { form: page.forms.find((f) => f.method === 'post' && /logout/.test(f.action || page.url)) });
    refusedCode(await redeem(second.asked, second.returned.code));
});

test('attack 17: a code cannot be had without a challenge, so a verifier never lacks its own', async () => {
    const { asked, returned } = await code();
    const { asked: other } = await code();
    refusedCode(await redeem(asked, returned.code, { code_verifier: other.verifier }));
    const bare = await authenticated('/token', portal, { grant_type: 'authorization_code', code: 'A'.repeat(43), redirect_uri: asked.redirect_uri, code_verifier: asked.verifier });
    refusedCode(bare);
});
