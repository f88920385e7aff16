// What a decision rests on: what the registry knows, what a trusted application says, how somebody signed in; and how
// the rules deny.
import assert from 'node:assert/strict';
import test from 'node:test';
import { revoke } from '../lib/app.mjs';
import { onedoor } from '../lib/cli.mjs';
import { apps } from '../lib/demo.mjs';
import * as ldap from '../lib/ldap.mjs';
import { disable, person } from '../lib/people.mjs';
import { application, assignment, decided, division, question, resources, role, ruleOf, settled } from '../lib/rights.mjs';
import { signedIn } from '../lib/signin.mjs';

const callback = 'http://127.0.0.1:9080/decisions/callback';
const asked = (app, body) => decided(app, body).then(ruleOf);
const stamp = (days) => new Date(Date.now() + days * 86400000).toISOString().replace(/[-:T]/g, '').slice(0, 14) + 'Z';

test('what an untrusted application says of a resource counts for nothing; the registry\'s word always wins', async (t) => {
    const { departments } = division(t, ['Near', 'Far']);
    const clerk = person(t, { kind: 'staff', departmentNumber: departments.Near });
    const open = { permissions: ['case:read', 'case:close'], types: ['case owner=applicant organisation=department'] };
    const trusted = await application(t, { ...open, trusted: true });
    const untrusted = await application(t, open);
    for (const app of [trusted, untrusted]) {
        role(app, 'clerk', { onedoorPermission: 'case:read', member: clerk.dn, onedoorDataScope: 'department' });
        role(app, 'applicant', { onedoorPermission: 'case:close', member: clerk.dn, onedoorDataScope: 'self' });
        resources(t, app, 'case', { near: { organisation: departments.Near, owner: clerk.username }, far: { organisation: departments.Far, owner: 'n-somebody' } });
    }
    for (const app of [trusted, untrusted]) await settled(app, question(clerk.username, 'read', 'case', 'far'), 'P-17');
    const near = { department: departments.Near, applicant: clerk.username };
    const far = { department: departments.Far, applicant: 'n-somebody' };
    const ask = (app, action, id, properties) => asked(app, question(clerk.username, action, 'case', id, properties));

    for (const action of ['read', 'close']) {
        assert.equal(await ask(trusted, action, 'new', near), 'P-00', `${action}: believed`);
        assert.equal(await ask(trusted, action, 'new', far), 'P-17', action);
        assert.equal(await ask(trusted, action, 'new', { applicant: 7, department: [departments.Near] }), 'P-18', 'no names at all');
        assert.equal(await ask(untrusted, action, 'new', near), 'P-18', `${action}: not believed`);
        for (const app of [trusted, untrusted]) {
            assert.equal(await ask(app, action, 'far', near), 'P-17', `${action}: known to the registry`);
            assert.equal(await ask(app, action, 'near', far), 'P-00', `${action}: known to the registry`);
        }
    }
    assert.equal(await ask(trusted, 'read', 'new', { owner: clerk.username, organisation: departments.Near }), 'P-18', 'by the names that it declared');
});

test('required assurance: the sign-in that is told must do, and the answer says which would', async (t) => {
    const official = person(t, { kind: 'staff' });
    const citizen = person(t);
    const permissions = ['case:read', 'case:approve acr=substantial', 'case:seal acr=high identity=5', 'case:export identity=4'];
    const trusted = await application(t, { permissions, trusted: true });
    const untrusted = await application(t, { permissions });
    for (const app of [trusted, untrusted])
        role(app, 'all', { onedoorPermission: permissions.map((p) => p.split(' ')[0]), member: [official.dn, citizen.dn], onedoorDataScope: 'all' });
    await settled(trusted, question(official.username, 'read', 'case', '1'));
    await settled(untrusted, question(official.username, 'read', 'case', '1'));
    const signed = (action, properties, context, who = official) => ({
        ...question(who.username, action, 'case', '1'),
        subject: { type: 'user', id: who.username, properties },
        context,
    });

    const no = await decided(trusted, signed('approve'));
    assert.equal(ruleOf(no), 'P-19');
    assert.equal(no.context.acr_values, 'substantial');
    const rows = [
        ['P-19', 'approve', { acr: 'low' }],
        ['P-00', 'approve', { acr: 'substantial' }],
        ['P-00', 'approve', { acr: 'high' }],
        ['P-00', 'approve', { authn_level: 2 }],
        ['P-00', 'approve', undefined, { acr: 'substantial' }],
        ['P-19', 'approve', { acr: 'high', authn_level: 1 }],
        ['P-19', 'approve', { acr: 'substantial' }, { acr: 'low' }],
        ['P-19', 'approve', { acr: 'SUBSTANTIAL' }],
        ['P-19', 'approve', { authn_level: 9 }],
        ['P-19', 'approve', { authn_level: 2.5 }],
        ['P-19', 'approve', { acr: ['high'] }],
        ['P-20', 'seal', { acr: 'high', identity_level: 4 }],
        ['P-00', 'seal', { acr: 'high', identity_level: 5 }],
        ['P-20', 'seal', { acr: 'high', identity_level: 6 }],
    ];
    for (const [rule, action, properties, context] of rows) {
        const told = await asked(trusted, signed(action, properties, context));
        assert.equal(told, rule, `${action} ${JSON.stringify(properties)} ${JSON.stringify(context)}`);
        const unheard = rule === 'P-00' || action === 'approve' ? 'P-19' : told;
        if (action === 'approve') assert.equal(await asked(untrusted, signed(action, properties, context)), unheard, 'said by somebody who is not trusted');
    }
    assert.equal(await asked(untrusted, signed('export')), 'P-00', 'staff are identified to level 4');
    const weak = await decided(untrusted, signed('export', undefined, undefined, citizen));
    assert.equal(ruleOf(weak), 'P-20');
    assert.equal(weak.context.identity_level, 4);
});

test('an access token proves the sign-in, to whoever it is meant for, as long as it holds', async (t) => {
    const official = person(t, { kind: 'staff', totp: true });
    const other = person(t, { kind: 'staff' });
    const settings = {
        grant: ['authorization_code', 'client_credentials'], scope: ['openid', 'profile'], acr: 'substantial',
        'redirect-uri': callback, permissions: ['case:approve acr=substantial'],
    };
    const app = await application(t, settings);
    role(app, 'approver', { onedoorPermission: 'case:approve', member: [official.dn, other.dn], onedoorDataScope: 'all' });
    await settled(app, question(official.username, 'approve', 'case', '1'), 'P-19');
    const { access_token } = await signedIn(app, official);
    const by = (token, who = official) => ({
        ...question(who.username, 'approve', 'case', '1'),
        subject: { type: 'user', id: who.username, properties: { access_token: token } },
    });

    assert.equal(await asked(app, by(access_token)), 'P-00');
    assert.equal(await asked(app, by(access_token, other)), 'P-22', 'of somebody else');
    for (const token of ['', 'x', 'a.b.c', 7, { a: 1 }]) assert.equal(await asked(app, by(token)), 'P-22', JSON.stringify(token));
    const many = await decided(app, by(access_token));
    assert.equal(many.decision, true);

    const foreign = await signedIn(apps.portal, official);
    assert.equal(await asked(app, by(foreign.access_token)), 'P-22', 'meant for another application');

    await revoke(app, access_token);
    assert.equal(await asked(app, by(access_token)), 'P-22', 'revoked');
});

test('no role, an ended one, two that exclude each other, a disabled account: each says so', async (t) => {
    const people = Object.fromEntries(['plain', 'early', 'late', 'both', 'gone'].map((name) => [name, person(t, { kind: 'staff' })]));
    const dns = (...names) => names.map((name) => people[name].dn);
    const app = await application(t, { permissions: ['case:register', 'case:approve'] });
    role(app, 'clerk', { onedoorPermission: 'case:register', onedoorExcludes: 'approver', member: dns('both'), onedoorDataScope: 'all' });
    role(app, 'approver', { onedoorPermission: 'case:approve' });
    const early = assignment(app, 'approver', 'early', dns('early'), { onedoorDataScope: 'all', onedoorValidUntil: stamp(-1) });
    assignment(app, 'approver', 'late', dns('late'), { onedoorDataScope: 'all', onedoorValidFrom: stamp(1) });
    assignment(app, 'approver', 'now', dns('both', 'gone'), { onedoorDataScope: 'all', onedoorValidFrom: stamp(-1), onedoorValidUntil: stamp(1) });
    const ask = (name) => question(people[name].username, 'approve', 'case', '1');
    await settled(app, ask('gone'));
    const rules = { plain: 'P-14', early: 'P-15', late: 'P-15', both: 'P-16', gone: 'P-00' };
    for (const [name, rule] of Object.entries(rules)) assert.equal(await asked(app, ask(name)), rule, name);
    disable(people.gone);
    await settled(app, ask('gone'), 'P-13');
    ldap.replace(early, 'onedoorValidUntil', stamp(1));
    await settled(app, ask('early'));
});

test('onedoor explain says why and why not, in words and by its exit status', async (t) => {
    const { departments } = division(t, ['Here']);
    const official = person(t, { kind: 'staff', departmentNumber: departments.Here, mail: `explain-${Date.now()}@city.example` });
    const app = await application(t, { permissions: ['case:read', 'case:approve acr=substantial'] });
    role(app, 'approver', { onedoorPermission: ['case:read', 'case:approve'], member: official.dn, onedoorDataScope: 'department' });
    role(app, 'archivist', { onedoorPermission: 'case:read' });
    await settled(app, question(official.username, 'read', 'case', '1'), 'P-18');
    const explain = (...args) => onedoor('explain', official.username, app.client_id, ...args);

    const yes = explain('case:approve', `organisation=${departments.Here}`, 'resource=7', 'acr=substantial');
    assert.equal(yes.status, 0, yes.err + yes.out);
    assert.match(yes.out, new RegExp(`person .*${official.username}.*staff.*identity level 4`));
    assert.match(yes.out, new RegExp(`organisation  ${departments.Here} \\(primary\\)`));
    assert.match(yes.out, /permission .*needs acr substantial/);
    assert.match(yes.out, /role approver\n  held by name, scope department/);
    assert.match(yes.out, /ALLOWED: P-00/);

    const weak = explain('case:approve', `organisation=${departments.Here}`, 'resource=7');
    assert.equal(weak.status, 1);
    assert.match(weak.out, /DENIED: P-19.*acr substantial would do/);
    const elsewhere = explain('case:read', 'organisation=330102/D0412', 'resource=7');
    assert.equal(elsewhere.status, 1);
    assert.match(elsewhere.out, /role archivist\n  not held/);
    assert.match(elsewhere.out, /DENIED: P-17/);
    assert.equal(onedoor('explain', official.mail, app.client_id, 'case:read', `organisation=${departments.Here}`, 'resource=7').status, 0, 'by mail address');
    assert.equal(explain('case:fly').status, 1);

    const nobody = onedoor('explain', 'nobody-at-all', app.client_id, 'case:read');
    assert.equal(nobody.status, 1);
    assert.match(nobody.err, /no such person/);
    for (const args of [[], ['x'], ['x', 'y'], ['x', 'y', 'z'], ['x', 'y', 'a:b', 'colour=blue'], ['x', 'y', 'a:b', 'acr=9'], ['x', 'y', 'a:b', 'identity=0']]) {
        const wrong = onedoor('explain', ...args);
        assert.equal(wrong.status, 2, args.join(' '));
        assert.match(wrong.err, /onedoor explain: /);
    }
});
