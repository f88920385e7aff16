// The directory is away for the servers alone, and changes meanwhile: no wrong answer while it is away, and all of it
// is known when it is back. ONEDOOR_OUTAGE_SECONDS says how long it is away.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import path from 'node:path';
import test from 'node:test';
import { authorization, introspect, refresh } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { addApp } from '../lib/cli.mjs';
import { demo, state } from '../lib/demo.mjs';
import { everywhere, introspected, said, seenInTime } from '../lib/everywhere.mjs';
import { person } from '../lib/people.mjs';
import { healthy, killed, restart } from '../lib/processes.mjs';
import { role } from '../lib/roles.mjs';
import { signedIn } from '../lib/signin.mjs';
import { sleep, until } from '../lib/wait.mjs';

const AWAY = Number(process.env.ONEDOOR_OUTAGE_SECONDS ?? 4) * 1000;

// How long after the directory answers again the last of what it missed must be known: it is sought every second.
const CAUGHT_UP = 5000;

// slapd runs where no server looks for it, while the change is made.
async function changeUnseen(ldif) {
    const uri = `ldapi://${encodeURIComponent(path.join(state, 'slapd/elsewhere'))}`;
    const slapd = spawn('slapd', ['-d', '0', '-F', path.join(state, 'slapd/slapd.d'), '-h', uri], {
        stdio: 'ignore', env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
    });
    const exited = new Promise((resolve) => slapd.once('exit', resolve));
    const { admin_dn, admin_password } = demo.ldap;
    const modify = (input) => spawnSync('ldapmodify', ['-x', '-H', uri, '-D', admin_dn, '-w', admin_password], { input, encoding: 'utf8' });
    try {
        await until('slapd answers elsewhere', () => modify('').status === 0, { within: 10000 });
        const done = modify(ldif);
        assert.equal(done.status, 0, done.stderr);
    } finally {
        slapd.kill('SIGTERM');
        await exited;
    }
}

test('what changed while the directory was away is known when it is back, and nothing wrong was said meanwhile', async (t) => {
    t.after(restart);
    const app = await addApp(t, {
        method: 'client_secret_basic', grant: ['authorization_code', 'refresh_token'],
        scope: ['openid', 'profile', 'roles', 'offline_access'], 'redirect-uri': 'https://localhost:9443/hall/callback',
        permission: 'case:read', 'resource-type': 'case', 'access-token-seconds': 3600,
    });
    const people = { leaver: person(t), gone: person(t, { leaves: true }), demoted: person(t), stays: person(t) };
    const dn = role(t, app, 'reader', 'case:read', { member: Object.values(people).map((p) => p.dn), onedoorDataScope: 'all' });
    const tokens = {};
    for (const [name, user] of Object.entries(people))
        tokens[name] = await signedIn(app, user, { ask: { scope: 'openid profile roles offline_access' } });
    const told = async (name) => said(tokens[name].access_token, app);
    const reader = (answer) => answer.active && answer.roles?.includes('reader');
    await until('the role is known', async () => (await told('stays')).every(reader));

    await killed('slapd');
    await changeUnseen([
        `dn: ${people.leaver.dn}`, 'changetype: modify', 'replace: pwdAccountLockedTime', 'pwdAccountLockedTime: 000001010000Z', '',
        `dn: ${people.gone.dn}`, 'changetype: delete', '',
        `dn: ${dn}`, 'changetype: modify', 'delete: member', `member: ${people.demoted.dn}`, `member: ${people.gone.dn}`, '',
    ].join('\n'));
    for (const end = Date.now() + AWAY; Date.now() < end; await sleep(200)) {
        for (const name of ['stays', 'demoted']) assert.ok((await told(name)).every(reader), `${name} keeps what was last known`);
        for (const via of everywhere) {
            const nobody = await introspect('nonsense', { via }, app);
            assert.equal(nobody.text, '{"active":false}');
            assert.equal((await new Browser({ via }).open(authorization(app).url)).status, 200, 'the door still opens');
        }
    }

    restart();
    const lost = (answer) => answer.active && !answer.roles;
    await seenInTime('disabled meanwhile', () => {}, introspected(tokens.leaver.access_token, (a) => !a.active, app), CAUGHT_UP);
    await seenInTime('deleted meanwhile', () => {}, introspected(tokens.gone.access_token, (a) => !a.active, app), CAUGHT_UP);
    await seenInTime('withdrawn meanwhile', () => {}, introspected(tokens.demoted.access_token, lost, app), CAUGHT_UP);
    assert.ok((await told('stays')).every(reader));
    await healthy();
    for (const name of ['leaver', 'gone'])
        assert.equal((await refresh(app, tokens[name].refresh_token)).json().error, 'invalid_grant', name);
    assert.equal((await refresh(app, tokens.stays.refresh_token)).status, 200);
});
