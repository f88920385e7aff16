// AuthZEN Authorization API 1.0, section 8: searches, in the shape of the public interoperability scenario of twenty
// records, six people and three actions. What must be found is worked out here from the scenario's rules.
import assert from 'node:assert/strict';
import test from 'node:test';
import { demo } from '../lib/demo.mjs';
import { replace } from '../lib/ldap.mjs';
import { person } from '../lib/people.mjs';
import { allowed, answered, application, ask, division, group, question, resources, role, settled, unique } from '../lib/rights.mjs';
import { until } from '../lib/wait.mjs';

const staff = {
    alice: { manager: true, department: 'Sales' },
    bob: { department: 'Legal' },
    carol: { department: 'Legal' },
    dan: { manager: true, department: 'Finance' },
    erin: { department: 'Finance' },
    felix: { department: 'Accounting' },
};
const departments = ['Sales', 'Legal', 'Finance', 'Accounting'];
const names = Object.keys(staff);
const actions = ['view', 'edit', 'delete'];
const records = Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [String(101 + i), { owner: names[i % 6], department: departments[(i * 7 + (i >> 2)) % 4] }]),
);

// The rules of the scenario.
function may(name, action, id) {
    const { manager, department } = staff[name];
    const record = records[id];
    if (record.owner === name) return true;
    if (action === 'view') return manager || record.department === department;
    return action === 'edit' && Boolean(manager) && record.department === department;
}

const ids = (answer) => answer.results.map((r) => r.id);

test('who may do what with which record', async (t) => {
    const place = division(t, departments);
    const users = {};
    for (const name of names)
        users[name] = person(t, { kind: 'staff', uid: unique(name), departmentNumber: place.departments[staff[name].department] });
    const nameOf = (sub) => names.find((name) => users[name].username === sub);
    const app = await application(t, { permissions: actions.map((a) => `record:${a}`), types: ['record owner=owner organisation=department'] });
    const everybody = group(t, names.map((name) => users[name].dn));
    const managers = group(t, names.filter((name) => staff[name].manager).map((name) => users[name].dn));
    role(app, 'owner', { onedoorPermission: actions.map((a) => `record:${a}`), member: everybody, onedoorDataScope: 'self' });
    role(app, 'colleague', { onedoorPermission: 'record:view', member: everybody, onedoorDataScope: 'department' });
    role(app, 'manager', { onedoorPermission: 'record:view', member: managers, onedoorDataScope: 'all' });
    role(app, 'editor', { onedoorPermission: 'record:edit', member: managers, onedoorDataScope: 'department' });
    resources(t, app, 'record', Object.fromEntries(Object.entries(records).map(([id, r]) =>
        [id, { owner: users[r.owner].username, organisation: place.departments[r.department] }])));
    await settled(app, question(users[records[120].owner].username, 'delete', 'record', '120'));
    const foreign = Object.keys(records).find((id) => records[id].owner !== 'dan' && records[id].department !== 'Finance');
    await settled(app, question(users.dan.username, 'view', 'record', foreign));

    const who = (action, id, more = {}) => ({ subject: { type: 'user' }, action: { name: action }, resource: { type: 'record', id }, ...more });
    const which = (name, action, more = {}) => ({ subject: { type: 'user', id: users[name].username }, action: { name: action }, resource: { type: 'record' }, ...more });
    const search = (kind, body, options) => answered(app, `search/${kind}`, body, options);

    await t.test('every decision is the scenario\'s', async () => {
        for (const id of Object.keys(records)) {
            const evaluations = names.flatMap((name) => actions.map((action) => question(users[name].username, action, 'record', id)));
            const { evaluations: told } = await answered(app, 'evaluations', { evaluations });
            const expected = names.flatMap((name) => actions.map((action) => Boolean(may(name, action, id))));
            assert.deepEqual(told.map((e) => e.decision), expected, `record ${id}`);
        }
    });

    await t.test('subjects', async () => {
        for (const id of Object.keys(records))
            for (const action of actions) {
                const answer = await search('subject', who(action, id));
                assert.deepEqual(ids(answer).map(nameOf).sort(), names.filter((name) => may(name, action, id)).sort(), `${action} ${id}`);
                assert.ok(answer.results.every((r) => r.type === 'user'));
                assert.deepEqual(answer.page, { next_token: '', count: answer.results.length });
                assert.equal(Object.keys(answer)[0], 'page', 'the count comes first');
            }
    });

    await t.test('resources', async () => {
        for (const name of names)
            for (const action of actions) {
                const answer = await search('resource', which(name, action));
                assert.deepEqual(ids(answer), Object.keys(records).filter((id) => may(name, action, id)), `${name} ${action}`);
                assert.ok(answer.results.every((r) => r.type === 'record'));
            }
    });

    await t.test('actions', async () => {
        for (const name of names)
            for (const id of Object.keys(records)) {
                const answer = await search('action', { subject: { type: 'user', id: users[name].username }, resource: { type: 'record', id } });
                assert.deepEqual(answer.results, actions.filter((a) => may(name, a, id)).sort().map((a) => ({ name: a })), `${name} ${id}`);
            }
    });

    await t.test('the id of what is searched for is ignored, and so is a context that says nothing to us', async () => {
        const context = { time: '2025-06-27T18:03-07:00', ip: '192.168.1.1' };
        const subjects = await search('subject', who('view', '101'));
        assert.deepEqual(await search('subject', who('view', '101', { subject: { type: 'user', id: users.bob.username } })), subjects);
        assert.deepEqual(await search('subject', who('view', '101', { context })), subjects);
        const found = await search('resource', which('alice', 'edit'));
        assert.deepEqual(await search('resource', which('alice', 'edit', { resource: { type: 'record', id: '102' }, context })), found);
    });

    await t.test('nothing found is an empty list', async () => {
        const empty = { page: { next_token: '', count: 0 }, results: [] };
        assert.deepEqual(await search('subject', who('view', '101', { subject: { type: 'spaceship' } })), empty);
        assert.deepEqual(await search('subject', who('fly', '101')), empty);
        assert.deepEqual(await search('subject', { ...who('view', '101'), resource: { type: 'planet', id: '1' } }), empty);
        assert.deepEqual(await search('resource', which('alice', 'view', { subject: { type: 'user', id: 'nonexistent-user' } })), empty);
        assert.deepEqual(await search('resource', which('alice', 'view', { resource: { type: 'planet' } })), empty);
        assert.deepEqual(await search('action', { subject: { type: 'user', id: 'nonexistent-user' }, resource: { type: 'record', id: '101' } }), empty);
        assert.deepEqual(await search('action', { subject: { type: 'spaceship', id: 'a' }, resource: { type: 'record', id: '101' } }), empty);
    });

    await t.test('what must be given is named', async () => {
        const cases = [
            ['subject', { ...who('view', '101'), action: undefined }, 'action is missing'],
            ['subject', { ...who('view', '101'), resource: { type: 'record' } }, 'resource.id is missing'],
            ['subject', { ...who('view', '101'), subject: {} }, 'subject.type is missing'],
            ['resource', { ...which('alice', 'view'), subject: { type: 'user' } }, 'subject.id is missing'],
            ['resource', { ...which('alice', 'view'), subject: undefined }, 'subject is missing'],
            ['action', { subject: { type: 'user', id: 'a' } }, 'resource is missing'],
            ['action', { subject: { type: 'user' }, resource: { type: 'record', id: '101' } }, 'subject.id is missing'],
            ['subject', who('view', '101', { page: 3 }), 'page must be an object'],
            ['subject', who('view', '101', { page: { limit: -1 } }), 'page.limit must be'],
            ['subject', who('view', '101', { page: { limit: '2' } }), 'page.limit must be'],
            ['subject', who('view', '101', { page: { limit: 1.5 } }), 'page.limit must be'],
            ['subject', who('view', '101', { page: { token: 7 } }), 'page.token must be a string'],
        ];
        for (const [kind, body, message] of cases) {
            const answer = await ask(app, `search/${kind}`, body);
            assert.equal(answer.status, 400, `${kind} ${message}: ${answer.text}`);
            assert.ok(answer.json().error_description.startsWith(message), `${message}: ${answer.text}`);
        }
    });

    // All pages of a search, each asked of another server where there are two.
    async function pages(kind, body, limit) {
        const servers = [demo.plain_url, demo.twin_plain_url ?? demo.plain_url];
        const out = [];
        let page = limit === undefined ? undefined : { limit };
        for (let i = 0; i < 100; i++) {
            const answer = await search(kind, { ...body, ...(page && { page }) }, { via: servers[i % 2] });
            assert.equal(answer.page.count, answer.results.length);
            out.push(answer.results.map((r) => r.id ?? r.name));
            if (answer.page.next_token === '') return out;
            page = { token: answer.page.next_token };
        }
        throw new Error('no end');
    }

    await t.test('page by page it is the same, without repetition', async () => {
        for (const limit of [1, 2, 3, 7, 100]) {
            for (const [kind, body] of [['subject', who('view', '101')], ['resource', which('dan', 'view')],
                ['action', { subject: { type: 'user', id: users[records[101].owner].username }, resource: { type: 'record', id: '101' } }]]) {
                const [whole] = await pages(kind, body);
                const cut = await pages(kind, body, limit);
                assert.deepEqual(cut.flat(), whole, `${kind} by ${limit}`);
                assert.ok(cut.slice(0, -1).every((p) => p.length === limit) && cut.at(-1).length <= limit, `${kind} by ${limit}`);
                assert.ok(cut.at(-1).length > 0, 'no empty page at the end');
            }
        }
    });

    await t.test('a page of nothing says whether there is something', async () => {
        const answer = await search('subject', who('view', '101', { page: { limit: 0 } }));
        assert.equal(answer.results.length, 0);
        assert.notEqual(answer.page.next_token, '');
        assert.equal((await search('subject', who('fly', '101', { page: { limit: 0 } }))).page.next_token, '');
    });

    await t.test('a token goes with its question, its caller and its limit', async () => {
        const body = which('dan', 'view');
        const { page } = await search('resource', { ...body, page: { limit: 3 } });
        const token = page.next_token;
        assert.equal((await search('resource', { ...body, page: { token, limit: 3 } })).results.length, 3);
        const wrong = [
            { ...which('erin', 'view'), page: { token } },
            { ...which('dan', 'edit'), page: { token } },
            { ...body, context: { acr: 'high' }, page: { token } },
            { ...body, page: { token, limit: 4 } },
            { ...body, page: { token: `${token}A` } },
            { ...body, page: { token: token.slice(0, -2) } },
            { ...body, page: { token: (token[0] === 'A' ? 'B' : 'A') + token.slice(1) } },
            { ...body, page: { token: 'a3M9NDU2O3N6PTI=' } },
        ];
        for (const one of wrong) assert.equal((await ask(app, 'search/resource', one)).status, 400, JSON.stringify(one));
        assert.equal((await ask(app, 'search/subject', { ...who('view', '101'), page: { token } })).status, 400);
        const other = await application(t, { permissions: ['record:view'] });
        assert.equal((await ask(other, 'search/resource', { ...body, page: { token } })).status, 400);
    });
});

test('subjects who hold a role by belonging to an organisation', async (t) => {
    const place = division(t, ['One', 'Two']);
    const { One, Two } = place.departments;
    const member = (...paths) => person(t, { kind: 'staff', uid: unique('m'), departmentNumber: paths });
    const people = { one: member(One), both: member(One, Two), two: member(Two), top: member(place.path), elsewhere: member('330102/D0077') };
    const nested = group(t, [people.elsewhere.dn, people.one.dn]);
    const outer = group(t, [nested]);
    const app = await application(t, { permissions: ['file:read', 'file:seal acr=substantial'], trusted: true });
    role(app, 'reader', { onedoorPermission: 'file:read', member: [place.dn, outer], onedoorDataScope: 'all' });
    role(app, 'archivist', { onedoorPermission: ['file:read', 'file:seal'], member: `ou=Two,${place.dn}`, onedoorDataScope: 'department' });
    await settled(app, question(people.elsewhere.username, 'read', 'file', '1'));
    await settled(app, question(people.two.username, 'seal', 'file', '1', { organisation: Two }), 'P-19');
    const who = (action, more) => ({ subject: { type: 'person' }, action: { name: action }, resource: { type: 'file', id: '1' }, ...more });
    const found = async (body) => (await answered(app, 'search/subject', body)).results.map((r) => r.id).sort();
    const subs = (...names) => names.map((name) => people[name].username).sort();

    await t.test('all levels of the organisation, all levels of groups, each person once', async () => {
        assert.deepEqual(await found(who('read')), subs('one', 'both', 'two', 'top', 'elsewhere'));
        const pages = [];
        let page = { limit: 1 };
        do {
            const answer = await answered(app, 'search/subject', who('read', { page }));
            pages.push(...answer.results.map((r) => r.id));
            page = { token: answer.page.next_token };
        } while (page.token);
        assert.deepEqual(pages.sort(), subs('one', 'both', 'two', 'top', 'elsewhere'));
    });

    await t.test('a resource that the organisation does not reach has nobody of it', async () => {
        const resource = (organisation) => ({ resource: { type: 'file', id: '1', properties: { organisation } }, context: { acr: 'substantial' } });
        assert.deepEqual(await found(who('seal', resource(Two))), subs('both', 'two'));
        assert.deepEqual(await found(who('seal', resource(One))), []);
    });

    await t.test('where only the sign-in is too weak, the answer says so', async () => {
        const answer = await answered(app, 'search/subject', who('seal', { resource: { type: 'file', id: '1', properties: { organisation: Two } } }));
        assert.deepEqual(answer.results, []);
        assert.deepEqual(answer.context, { acr_values: 'substantial' });
    });

    await t.test('what is found is what a decision allows', async () => {
        for (const { username } of Object.values(people)) {
            const expected = (await found(who('read'))).includes(username);
            assert.equal(await allowed(app, question(username, 'read', 'file', '1')), expected);
        }
    });

    await t.test('whoever leaves the organisation is not found any more', async () => {
        replace(people.top.dn, 'departmentNumber', ['330102/D0077']);
        await until('top is gone', async () => !(await found(who('read'))).includes(people.top.username));
        assert.deepEqual(await found(who('read')), subs('one', 'both', 'two', 'elsewhere'));
    });
});
