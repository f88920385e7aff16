// Roles, groups, entitlements, organisation and data scope: in tokens, at introspection and at userinfo, as the
// directory says now.
import assert from 'node:assert/strict';
import test from 'node:test';
import { decode, introspect, refresh } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { addApp, setApp } from '../lib/cli.mjs';
import { apps, demo } from '../lib/demo.mjs';
import { introspected, said, seenInTime, summary } from '../lib/everywhere.mjs';
import { get } from '../lib/http.mjs';
import * as ldap from '../lib/ldap.mjs';
import { person } from '../lib/people.mjs';
import { assignment, generalizedTime, group, role } from '../lib/roles.mjs';
import { enter, signedIn } from '../lib/signin.mjs';
import { until } from '../lib/wait.mjs';

const permitHall = (t, changes = {}) =>
    addApp(t, {
        method: 'client_secret_basic', grant: ['authorization_code', 'refresh_token'],
        scope: ['openid', 'profile', 'groups', 'organisation', 'roles'],
        'redirect-uri': 'https://localhost:9443/hall/callback', introspection: 'TRUE',
        permission: ['case:read', 'case:approve', 'form:read'], 'resource-type': ['case', 'form'],
        'may-request': apps.resource.resource, ...changes,
    });

const has = (name) => (answer) => answer.roles?.includes(name) === true;
const lacks = (name) => (answer) => answer.active && !answer.roles?.includes(name);
const everything = { ask: { scope: 'openid profile groups organisation roles' } };
const userinfo = (token, options) => get('/userinfo', { ...options, headers: { authorization: `Bearer ${token}` } });

// A change may take its second; what a test begins with is waited for.
const begins = (token, holds, by) =>
    until('the roles are known', async () => (await said(token, by)).every(holds));

async function official(t, app, attributes = {}) {
    const user = person(t, { kind: 'staff', departmentNumber: ['330102/D0412', '330102/D0077'], ...attributes });
    const dn = role(t, app, 'approver', ['case:read', 'case:approve'], { member: user.dn, onedoorDataScope: 'department-and-below' });
    return { user, dn };
}

test('the claims are those of the domain, of this audience alone, in the token and at introspection', async (t) => {
    const app = await permitHall(t);
    const { user } = await official(t, app);
    const clerks = group(t, `clerks-${app.client_id}`, user.dn);
    const clerk = role(t, app, 'reader', ['form:read']);
    assignment(clerk, 'clerks', { member: clerks, onedoorDataScope: 'listed', onedoorOrganisation: ['330102/D0412'] });
    const first = await signedIn(app, user, everything);
    await begins(first.access_token, (a) => has('approver')(a) && has('reader')(a), app);
    const again = (await refresh(app, first.refresh_token)).json();
    const expected = {
        roles: ['approver', 'reader'],
        entitlements: ['case:approve', 'case:read', 'form:read'],
        org: { primary: '330102/D0412', others: ['330102/D0077'] },
        data_scope: { case: 'department-and-below', form: ['330102/D0412'] },
    };
    const { payload } = decode(again.access_token);
    const answers = [payload, ...(await said(again.access_token, app)), (await userinfo(again.access_token)).json()];
    for (const answer of answers) {
        for (const [name, value] of Object.entries(expected)) assert.deepEqual(answer[name], value, name);
        assert.equal(answer.groups.length, 1);
        assert.match(answer.groups[0], /clerks-/);
    }
    assert.equal(payload.authn_level, 1);
    assert.equal(payload.identity_level, 4);

    const elsewhere = (await refresh(app, again.refresh_token, { resource: apps.resource.resource })).json();
    for (const other of [decode(elsewhere.access_token).payload, ...(await said(elsewhere.access_token))]) {
        assert.equal(other.aud, apps.resource.resource);
        assert.ok(!other.roles?.includes('approver'), 'roles of one application are none of another’s business');
        assert.ok(!JSON.stringify(other).includes('case:'), JSON.stringify(other));
    }
});

test('userinfo gives what the scopes ask for and no more', async (t) => {
    const app = await permitHall(t);
    const { user } = await official(t, app);
    const { access_token } = await signedIn(app, user, { ask: { scope: 'openid organisation' } });
    await begins(access_token, has('approver'), app);
    const claims = (await userinfo(access_token)).json();
    assert.equal(claims.org.primary, '330102/D0412');
    for (const name of ['roles', 'groups', 'entitlements', 'data_scope', 'name']) assert.equal(claims[name], undefined, name);
});

test('a role withdrawn, a group left, a period over: seen by both servers within a second', async (t) => {
    const app = await permitHall(t);
    const { user, dn } = await official(t, app);
    const { access_token } = await signedIn(app, user, everything);
    await begins(access_token, has('approver'), app);
    const spare = person(t, { kind: 'staff' });
    await seenInTime('withdrawn', () => ldap.replace(dn, 'member', spare.dn), introspected(access_token, lacks('approver'), app));
    const info = (await userinfo(access_token)).json();
    assert.equal(info.roles, undefined, 'userinfo too');

    const team = group(t, `team-${app.client_id}`, [user.dn, spare.dn]);
    await seenInTime('given to a group', () => ldap.replace(dn, 'member', team), introspected(access_token, has('approver'), app));
    await seenInTime('left the group', () => ldap.change(team, 'delete', 'member', user.dn), introspected(access_token, lacks('approver'), app));

    const until3 = generalizedTime(3);
    assignment(dn, 'short', { member: user.dn, onedoorValidUntil: until3 });
    await begins(access_token, has('approver'), app);
    const end = Date.parse(until3.replace(/(....)(..)(..)(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z'));
    await new Promise((resolve) => setTimeout(resolve, end - Date.now()));
    await seenInTime('its period is over', () => {}, introspected(access_token, lacks('approver'), app));
});

test('100 withdrawals by ldapmodify: each seen by both servers within a second', async (t) => {
    const app = await permitHall(t);
    const { user, dn } = await official(t, app);
    const spare = person(t, { kind: 'staff' });
    const { access_token } = await signedIn(app, user, everything);
    await begins(access_token, has('approver'), app);
    const given = [], withdrawn = [];
    for (let i = 0; i < 100; i++) {
        withdrawn.push(await seenInTime(`withdrawal ${i}`, () => ldap.replace(dn, 'member', spare.dn), introspected(access_token, lacks('approver'), app)));
        given.push(await seenInTime(`grant ${i}`, () => ldap.replace(dn, 'member', user.dn), introspected(access_token, has('approver'), app)));
    }
    t.diagnostic(`withdrawn ${summary(withdrawn)}; given ${summary(given)}`);
});

test('moved to another department: the token follows, the session lives on', async (t) => {
    const app = await permitHall(t);
    const { user } = await official(t, app);
    const { access_token, browser } = await signedIn(app, user, everything);
    await begins(access_token, has('approver'), app);
    await seenInTime('moved', () => ldap.replace(user.dn, 'departmentNumber', '330102/D0077'),
        introspected(access_token, (a) => a.active && a.org?.primary === '330102/D0077' && !a.org.others, app));
    assert.ok((await browser.open('/')).status === 200);
});

test('more rights than fit: the token says where to ask', async (t) => {
    const type = 'a-resource-type-with-a-rather-long-name-of-nearly-64-bytes';
    const many = Array.from({ length: 60 }, (_, i) => `${type}:an-action-with-a-rather-long-name-number-${i}`);
    const app = await permitHall(t, { permission: many, 'resource-type': [type] });
    const user = person(t, { kind: 'staff', departmentNumber: '330102/D0412' });
    role(t, app, 'whoever-may-everything', many, { member: user.dn, onedoorDataScope: 'all' });
    const { access_token } = await signedIn(app, user, everything);
    await begins(access_token, (a) => a.access_evaluation_endpoint !== undefined, app);
    const [answer] = await said(access_token, app);
    assert.equal(answer.access_evaluation_endpoint, `${demo.issuer}/access/v1/evaluation`);
    for (const name of ['roles', 'groups', 'entitlements', 'data_scope']) assert.equal(answer[name], undefined, name);
    assert.equal(answer.org.primary, '330102/D0412');
});

test('who is not identified well enough does not get in, however strongly they sign in', async (t) => {
    const app = await permitHall(t, { identity: '4' });
    const { asked, returned } = await enter(new Browser(), app, person(t));
    assert.equal(returned.error, 'access_denied');
    assert.equal(returned.state, asked.state);
    const { access_token } = await signedIn(app, person(t, { kind: 'staff' }));
    assert.equal((await said(access_token, app))[0].identity_level, 4);
    setApp(app, { identity: '5' });
    await until('its tokens are worth nothing', async () => (await said(access_token, app)).every((a) => !a.active));
});

test('who leaves the group that an application admits loses its tokens at once', async (t) => {
    const spare = person(t, { kind: 'staff' });
    const user = person(t, { kind: 'staff' });
    const inner = group(t, `inner-${user.username}`, [user.dn, spare.dn]);
    const outer = group(t, `outer-${user.username}`, inner);
    const app = await permitHall(t, { 'allowed-group': outer.toLowerCase().replaceAll(', ', ',') });
    const { access_token, refresh_token } = await signedIn(app, user, everything);
    assert.ok((await said(access_token, app)).every((a) => a.active));
    await seenInTime('left', () => ldap.change(inner, 'delete', 'member', user.dn), introspected(access_token, (a) => !a.active, app));
    assert.equal((await userinfo(access_token)).status, 401);
    assert.equal((await introspect(refresh_token, {}, app)).json().active, false);
    assert.equal((await refresh(app, refresh_token)).json().error, 'invalid_grant');
    setApp(app, { 'allowed-group': '' });
});
