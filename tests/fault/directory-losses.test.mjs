// A directory that suddenly loses much is not believed until an operator says that it is true.
import assert from 'node:assert/strict';
import test from 'node:test';
import { introspect } from '../lib/app.mjs';
import { addApp, must } from '../lib/cli.mjs';
import { demo } from '../lib/demo.mjs';
import { request } from '../lib/http.mjs';
import * as ldap from '../lib/ldap.mjs';
import { ownServer } from '../lib/own-server.mjs';
import { disable, person } from '../lib/people.mjs';
import { health } from '../lib/processes.mjs';
import { role } from '../lib/roles.mjs';
import { signedIn } from '../lib/signin.mjs';
import { until } from '../lib/wait.mjs';

const MANY = 60;
const groupDn = (i) => `cn=loss-${i},ou=groups,${demo.people_base}`;

const metric = async (server, name) =>
    Number(new RegExp(`^${name} (\\d+)$`, 'm').exec((await request(`${server.management}/metrics`)).text)[1]);

const holds = (server) => until('the loss is held', async () => (await health(server.management)).loss === 'held');

async function accepted(server) {
    must('registry', 'accept-loss');
    await until('the loss is accepted', async () => (await health(server.management)).loss === 'none');
}

const hall = (t) =>
    addApp(t, {
        method: 'client_secret_basic', grant: ['authorization_code', 'refresh_token'], scope: ['openid', 'roles'],
        'redirect-uri': 'https://localhost:9443/hall/callback', permission: 'case:read', 'resource-type': 'case',
    });

test('groups that vanish keep their members in office until the loss is accepted', async (t) => {
    const app = await hall(t);
    const user = person(t, { kind: 'staff' });
    for (let i = 0; i < MANY; i++)
        ldap.add(groupDn(i), { objectClass: 'groupOfNames', cn: `loss-${i}`, member: user.dn });
    role(t, app, 'reader', 'case:read', { member: groupDn(MANY - 1), onedoorDataScope: 'all' });
    const server = await ownServer(t, { 'directory.most_lost_percent': 20 });
    const { access_token } = await signedIn(app, user, { ask: { scope: 'openid roles' } });
    const roles = async () => (await introspect(access_token, { via: server.via }, app)).json().roles ?? [];
    await until('the role is known', async () => (await roles()).includes('reader'));
    const lost = await metric(server, 'onedoor_losses_held_total');

    ldap.run('ldapdelete', Array.from({ length: MANY }, (_, i) => groupDn(i)));
    await holds(server);
    assert.equal((await health(server.management)).status, 'warn');
    assert.equal((await request(`${server.management}/health`)).status, 200, 'it goes on working');
    assert.equal(await metric(server, 'onedoor_losses_held_total'), lost + 1);
    assert.equal(await metric(server, 'onedoor_loss_held'), 1);
    assert.match(server.log(), /level=error event=model\.loss_held .*accept-loss/);
    assert.ok((await roles()).includes('reader'), 'nobody is locked out');

    await accepted(server);
    await until('the role is over', async () => !(await roles()).includes('reader'));
    assert.equal((await health(server.management)).status, 'pass');
});

// Who has nothing to lose is not missed.
async function withSessions(t, app) {
    const people = Array.from({ length: 6 }, () => person(t, { kind: 'staff' }));
    for (const user of people) await signedIn(app, user, { ask: { scope: 'openid roles' } });
    return people;
}

test('people who are disabled by the dozen keep their sessions until the loss is accepted', async (t) => {
    const app = await hall(t);
    const server = await ownServer(t, { 'directory.most_leavers': 3 });
    await until('changes are followed', async () => (await health(server.management)).status === 'pass');
    const people = await withSessions(t, app);
    people.forEach(disable);
    await holds(server);
    assert.match(server.log(), /level=error event=people\.loss_held .*accept-loss/);
    // Others come and go as ever.
    const later = person(t, { kind: 'staff' });
    const { access_token } = await signedIn(app, later, { ask: { scope: 'openid roles' } });
    assert.equal((await introspect(access_token, { via: server.via }, app)).json().active, true);
    await accepted(server);
    assert.match(server.log(), /event=people\.loss_accepted people=3/);
});

test('a loss that is undone is no loss', async (t) => {
    const server = await ownServer(t, { 'directory.most_leavers': 3 });
    await until('changes are followed', async () => (await health(server.management)).status === 'pass');
    const people = await withSessions(t, await hall(t));
    people.forEach(disable);
    await holds(server);
    for (const user of people) ldap.replace(user.dn, 'pwdAccountLockedTime', []);
    await until('it is over', async () => (await health(server.management)).loss === 'none');
});

test('people of whom nobody knows anything may be disabled by the dozen', async (t) => {
    const server = await ownServer(t, { 'directory.most_leavers': 3 });
    await until('changes are followed', async () => (await health(server.management)).status === 'pass');
    const changes = await metric(server, 'onedoor_people_changes_total');
    Array.from({ length: 6 }, () => person(t, { kind: 'staff' })).forEach(disable);
    await until('they were heard of', async () => (await metric(server, 'onedoor_people_changes_total')) >= changes + 12);
    assert.equal((await health(server.management)).loss, 'none');
});
