// What those who watch over the server see.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { introspect } from '../lib/app.mjs';
import { apps, demo, state, users } from '../lib/demo.mjs';
import { get, request } from '../lib/http.mjs';
import { signedIn } from '../lib/signin.mjs';

const manage = (path) => request(demo.management_url + path);
const counters = async () =>
    Object.fromEntries((await manage('/metrics')).text.split('\n').filter((l) => l && !l.startsWith('#')).map((l) => l.split(' ')));

test('/health says that both stores are up, and that the directory is followed', async () => {
    const answer = await manage('/health');
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.json(), { status: 'pass', redis: 'up', directory: 'up', changes: 'followed', loss: 'none' });
});

test('/metrics counts what happens, in the Prometheus format', async () => {
    const answer = await manage('/metrics');
    assert.match(answer.headers['content-type'], /^text\/plain; version=0\.0\.4/);
    const before = await counters();
    const { access_token } = await signedIn(apps.portal, users.citizen, { redeem: { resource: apps.resource.resource } });
    await introspect(access_token);
    await introspect('nonsense');
    const after = await counters();
    const grew = (name) => Number(after[name]) - Number(before[name]);
    assert.equal(grew('onedoor_sign_ins_total'), 1);
    assert.equal(grew('onedoor_tokens_issued_total'), 1);
    assert.equal(grew('onedoor_introspections_active_total'), 1);
    assert.equal(grew('onedoor_introspections_inactive_total'), 1);
    assert.ok(grew('onedoor_requests_total') > 5);
});

test('/metrics measures what the directory told', async () => {
    const now = await counters();
    assert.equal(now.onedoor_changes_followed, '1');
    assert.equal(now.onedoor_loss_held, '0');
    assert.ok(Number(now.onedoor_changes_heard_seconds) < 10);
    for (const name of ['applications', 'roles', 'groups', 'memberships', 'organisations', 'bytes'])
        assert.ok(Number(now[`onedoor_model_${name}`]) > 0, name);
});

test('neither is to be had from the public listeners', async () => {
    for (const path of ['/health', '/metrics']) assert.equal((await get(path)).status, 404, path);
});

test('an error page bears a reference number that stands in the log', async () => {
    const page = await get('/authorize?client_id=unknown-client-for-the-log');
    const log = fs.readFileSync(path.join(state, 'log/onedoor-main.log'), 'utf8');
    const words = page.text.replace(/<[^>]*>/g, ' ').match(/\b[A-Za-z0-9]{10}\b/g) ?? [];
    assert.ok(words.some((word) => log.includes(word)), page.text);
});

test('the audit log tells who signed in where, one JSON object a line', async () => {
    const { browser, id_token } = await signedIn(apps.portal, users.citizen);
    const file = fs.readFileSync(path.join(state, 'log/audit-main.log'), 'utf8').trim().split('\n').map((line) => JSON.parse(line));
    const last = (event) => file.findLast?.((e) => e.event === event) ?? [...file].reverse().find((e) => e.event === event);
    const signIn = last('sign_in');
    assert.equal(signIn.source, '127.0.0.1');
    assert.ok(signIn.subject && signIn.sid && signIn.time, JSON.stringify(signIn));
    assert.equal(last('code_issued').client_id, apps.portal.client_id);
    assert.equal(last('token_issued').client_id, apps.portal.client_id);
    await browser.open(`/logout?id_token_hint=${id_token}`);
    assert.match(fs.readFileSync(path.join(state, 'log/audit-main.log'), 'utf8').trim().split('\n').at(-1), /"sign_out"/);
});
