// AuthZEN Authorization API 1.0: single decisions, in the shape of the public interoperability scenario of a shared list
// of things to do: five people, four roles, and things that belong to whoever made them.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { issuer } from '../lib/demo.mjs';
import { get } from '../lib/http.mjs';
import { person } from '../lib/people.mjs';
import { allowed, application, ask, assignment, decided, question, role, ruleOf, settled } from '../lib/rights.mjs';

// Identifiers as another sign-in system makes them: base64 of something of its own.
const pid = () => randomBytes(45).toString('base64').replace(/[+/]/g, 'x');

test('things to do', async (t) => {
    const users = {};
    for (const name of ['rick', 'morty', 'summer', 'beth', 'jerry'])
        users[name] = person(t, { uid: pid(), mail: `${name}-${randomBytes(3).toString('hex')}@todo.example` });
    const app = await application(t, {
        permissions: ['user:can_read_user', 'todo:can_read_todos', 'todo:can_create_todo', 'todo:can_update_todo', 'todo:can_delete_todo'],
        types: ['todo owner=ownerID owner-is=mail'],
        trusted: true,
    });
    const dns = (...names) => names.map((name) => users[name].dn);
    const all = ['user:can_read_user', 'todo:can_read_todos'];
    role(app, 'viewer', { onedoorPermission: all, member: dns('beth', 'jerry', 'morty', 'summer', 'rick'), onedoorDataScope: 'all' });
    role(app, 'creator', { onedoorPermission: 'todo:can_create_todo', member: dns('morty', 'summer', 'rick'), onedoorDataScope: 'all' });
    role(app, 'editor', { onedoorPermission: ['todo:can_update_todo', 'todo:can_delete_todo'], member: dns('morty', 'summer', 'rick'), onedoorDataScope: 'self' });
    role(app, 'evil_genius', { onedoorPermission: 'todo:can_update_todo', member: dns('rick'), onedoorDataScope: 'all' });
    role(app, 'admin', { onedoorPermission: 'todo:can_delete_todo' });
    assignment(app, 'admin', 'rick', dns('rick'), { onedoorDataScope: 'all' });
    await settled(app, question(users.rick.username, 'can_delete_todo', 'todo', '1', { ownerID: 'nobody@todo.example' }));

    const may = (name, action, type, id, properties) => allowed(app, question(users[name].username, action, type, id, properties));

    await t.test('everybody reads people and the list', async () => {
        for (const name of Object.keys(users)) {
            assert.equal(await may(name, 'can_read_user', 'user', users.beth.mail), true, name);
            assert.equal(await may(name, 'can_read_todos', 'todo', 'todo-1'), true, name);
        }
    });

    await t.test('editors create, viewers do not', async () => {
        const made = { rick: true, morty: true, summer: true, beth: false, jerry: false };
        for (const [name, expected] of Object.entries(made)) assert.equal(await may(name, 'can_create_todo', 'todo', 'todo-1'), expected, name);
    });

    await t.test('one changes and deletes one\'s own; an evil genius changes all, an administrator deletes all', async () => {
        for (const action of ['can_update_todo', 'can_delete_todo'])
            for (const name of Object.keys(users))
                for (const owner of ['rick', 'morty', 'jerry']) {
                    const expected = name === 'rick' || (name === owner && ['morty', 'summer'].includes(name));
                    const told = await may(name, action, 'todo', '7240d0db-8ff0-41ec-98b2-34a096273b9f', { ownerID: users[owner].mail });
                    assert.equal(told, expected, `${name} ${action} of ${owner}`);
                }
    });

    await t.test('a denial says which rule, to the administrator and, in both languages, to the person', async () => {
        const no = await decided(app, question(users.morty.username, 'can_update_todo', 'todo', '1', { ownerID: users.rick.mail }));
        assert.equal(no.decision, false);
        assert.match(no.context.reason_admin['403'], /^P-17 .*editor$/);
        assert.match(no.context.reason_user['en-403'], /responsible/);
        assert.match(no.context.reason_user['zh-403'], /权限/);
        assert.equal(no.context.acr_values, undefined);
    });

    await t.test('who, what and where must be known', async () => {
        const codes = {
            'P-11': question(users.rick.username, 'can_fly', 'todo', '1'),
            'P-12': question('nobody-of-that-name', 'can_read_todos', 'todo', '1'),
            'P-14': question(users.jerry.username, 'can_create_todo', 'todo', '1'),
            'P-18': question(users.morty.username, 'can_update_todo', 'todo', '1'),
        };
        for (const [code, body] of Object.entries(codes)) assert.equal(ruleOf(await decided(app, body)), code, code);
        const robot = question(users.rick.username, 'can_read_todos', 'todo', '1');
        for (const type of ['robot', 'User', 'group', 'spaceship'])
            assert.equal(ruleOf(await decided(app, { ...robot, subject: { type, id: users.rick.username } })), 'P-12', type);
        for (const type of ['user', 'identity', 'person'])
            assert.equal(await allowed(app, { ...robot, subject: { type, id: users.rick.username } }), true, type);
    });

    await t.test('the same question has the same answer, in any order of its members, with whatever else stands there', async () => {
        const body = question(users.morty.username, 'can_create_todo', 'todo', 'todo-1');
        const texts = [
            JSON.stringify(body),
            JSON.stringify({ context: { time: '1985-10-26T01:22-07:00', schema: 'https://schema.example/' }, ...body, future: [1, { a: null }] }),
            JSON.stringify({ resource: { ...body.resource, x: 1 }, subject: { ...body.subject, identity: 'y', properties: { role: 'admin' } }, action: { name: body.action.name, properties: { method: 'GET' } } }),
            `\n ${JSON.stringify(body, null, 4)} \n`,
        ];
        for (const text of texts) for (let i = 0; i < 3; i++) assert.deepEqual((await ask(app, 'evaluation', null, { text })).json(), { decision: true }, text);
    });

    await t.test('what is missing or of the wrong kind is named', async () => {
        const good = question(users.rick.username, 'can_read_todos', 'todo', '1');
        const cases = {
            'subject is missing': { ...good, subject: undefined },
            'action is missing': { ...good, action: undefined },
            'resource is missing': { ...good, resource: undefined },
            'subject.type is missing': { ...good, subject: { id: 'a' } },
            'subject.id is missing': { ...good, subject: { type: 'user' } },
            'action.name is missing': { ...good, action: {} },
            'resource.type is missing': { ...good, resource: { id: '1' } },
            'resource.id is missing': { ...good, resource: { type: 'todo' } },
            'subject must be an object': { ...good, subject: 'alice' },
            'action.name must be a string': { ...good, action: { name: 123 } },
            'resource.properties must be an object': { ...good, resource: { ...good.resource, properties: [] } },
            'context must be an object': { ...good, context: 'now' },
        };
        for (const [message, body] of Object.entries(cases)) {
            const answer = await ask(app, 'evaluation', body);
            assert.equal(answer.status, 400, message);
            assert.ok(answer.json().error_description.startsWith(message), `${message}: ${answer.text}`);
        }
    });

    await t.test('the request\'s own name comes back, on every answer', async () => {
        const headers = { 'x-request-id': 'bfe9eb29-ab87-4ca3-be83-a1d5d8305716' };
        const body = question(users.rick.username, 'can_read_todos', 'todo', '1');
        const answers = [
            await ask(app, 'evaluation', body, { headers }),
            await ask(app, 'evaluation', {}, { headers }),
            await ask(app, 'evaluation', body, { headers, authorization: null }),
            await ask(app, 'evaluation', body, { headers: { ...headers, 'content-type': 'text/plain' } }),
            await ask(app, 'search/subject', { ...body, subject: { type: 'user' } }, { headers }),
        ];
        assert.deepEqual(answers.map((a) => a.status), [200, 400, 401, 400, 200]);
        for (const answer of answers) assert.equal(answer.headers['x-request-id'], headers['x-request-id']);
        assert.ok((await ask(app, 'evaluation', body)).headers['x-request-id'].length >= 8, 'else ours');
    });
});

test('the metadata names what there is, and the sign-in\'s own names it too', async () => {
    const answer = await get('/.well-known/authzen-configuration');
    assert.equal(answer.status, 200);
    assert.match(answer.headers['content-type'], /^application\/json/);
    assert.deepEqual(answer.json(), {
        policy_decision_point: issuer,
        access_evaluation_endpoint: `${issuer}/access/v1/evaluation`,
        access_evaluations_endpoint: `${issuer}/access/v1/evaluations`,
        search_subject_endpoint: `${issuer}/access/v1/search/subject`,
        search_resource_endpoint: `${issuer}/access/v1/search/resource`,
        search_action_endpoint: `${issuer}/access/v1/search/action`,
    });
    const discovery = (await get('/.well-known/openid-configuration')).json();
    assert.equal(discovery.access_evaluation_endpoint, `${issuer}/access/v1/evaluation`);
    assert.equal(discovery.access_evaluations_endpoint, `${issuer}/access/v1/evaluations`);
});
