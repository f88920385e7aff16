// AuthZEN Authorization API 1.0, section 7: many questions in one request.
import assert from 'node:assert/strict';
import test from 'node:test';
import { person } from '../lib/people.mjs';
import { answered, application, ask, question, role, settled } from '../lib/rights.mjs';

const decisions = (answer) => answer.evaluations.map((e) => e.decision);

test('many questions at once', async (t) => {
    const [alice, bob] = [person(t), person(t)];
    const app = await application(t, {
        permissions: ['document:read', 'document:write', 'document:publish acr=substantial'],
        types: ['document owner=author'],
        trusted: true,
    });
    role(app, 'reader', { onedoorPermission: 'document:read', member: [alice.dn, bob.dn], onedoorDataScope: 'all' });
    role(app, 'publisher', { onedoorPermission: 'document:publish', member: alice.dn, onedoorDataScope: 'all' });
    role(app, 'author', { onedoorPermission: 'document:write', member: [alice.dn, bob.dn], onedoorDataScope: 'self' });
    const document = (id, author) => ({ type: 'document', id, ...(author && { properties: { author: author.username } }) });
    await settled(app, { ...question(alice.username, 'write', 'document', '1'), resource: document('1', alice) });

    const many = (body, options) => answered(app, 'evaluations', body, options);
    const own = { subject: { type: 'user', id: alice.username }, action: { name: 'write' } };
    const list = (...authors) => authors.map((author, i) => ({ resource: document(`d${i}`, author) }));

    await t.test('the order of the answers is that of the questions', async () => {
        const answer = await many({ ...own, evaluations: list(alice, bob, alice, undefined) });
        assert.deepEqual(decisions(answer), [true, false, true, false]);
        assert.deepEqual(Object.keys(answer), ['evaluations'], 'no decision for the whole');
        assert.match(answer.evaluations[1].context.reason_admin['403'], /^P-17/);
        assert.match(answer.evaluations[3].context.reason_admin['403'], /^P-18/);
    });

    await t.test('whole questions, and defaults that each may replace as a whole', async () => {
        const full = [
            question(alice.username, 'read', 'document', '1'),
            { ...question(bob.username, 'write', 'document', '2'), resource: document('2', bob) },
            question('nobody-at-all', 'read', 'document', '3'),
        ];
        assert.deepEqual(decisions(await many({ evaluations: full })), [true, true, false]);
        const mixed = await many({
            ...own,
            resource: document('1', alice),
            context: { time: '2024-05-31T15:22-07:00' },
            evaluations: [{}, { subject: { type: 'user', id: bob.username } }, { action: { name: 'read' } }, { resource: document('2') }],
        });
        assert.deepEqual(decisions(mixed), [true, false, true, false], 'a resource without properties does not inherit them');
    });

    await t.test('a context of one question replaces the context of all', async () => {
        const answer = await many({
            subject: own.subject,
            action: { name: 'publish' },
            resource: document('1'),
            context: { acr: 'low' },
            evaluations: [{}, { context: { acr: 'substantial' } }, { context: {} }],
        });
        assert.deepEqual(decisions(answer), [false, true, false]);
        assert.equal(answer.evaluations[0].context.acr_values, 'substantial');
    });

    await t.test('execute_all answers all, which is also what happens unasked', async () => {
        const evaluations = list(alice, bob, alice);
        const all = [true, false, true];
        assert.deepEqual(decisions(await many({ ...own, evaluations, options: { evaluations_semantic: 'execute_all', another_option: 'value' } })), all);
        assert.deepEqual(decisions(await many({ ...own, evaluations, options: {} })), all);
        assert.deepEqual(decisions(await many({ ...own, evaluations, options: null })), all);
    });

    await t.test('deny_on_first_deny ends with the first no', async () => {
        const options = { evaluations_semantic: 'deny_on_first_deny' };
        assert.deepEqual(decisions(await many({ ...own, evaluations: list(alice, bob, alice), options })), [true, false]);
        assert.deepEqual(decisions(await many({ ...own, evaluations: list(alice, alice), options })), [true, true]);
        const broken = await many({ ...own, evaluations: [...list(alice), {}, ...list(alice)], options });
        assert.deepEqual(decisions(broken), [true, false], 'what cannot be read is a no as well');
    });

    await t.test('permit_on_first_permit ends with the first yes', async () => {
        const options = { evaluations_semantic: 'permit_on_first_permit' };
        assert.deepEqual(decisions(await many({ ...own, evaluations: list(bob, alice, alice), options })), [false, true]);
        assert.deepEqual(decisions(await many({ ...own, evaluations: list(alice, bob), options })), [true]);
        assert.deepEqual(decisions(await many({ ...own, evaluations: [{}, ...list(bob, bob)], options })), [false, false, false]);
    });

    await t.test('one question that cannot be read is denied with what is wrong; the others are answered', async () => {
        const answer = await many({ ...own, evaluations: [...list(alice), {}, 7, { resource: { type: 'document', id: 3 } }, ...list(alice)] });
        assert.deepEqual(decisions(answer), [true, false, false, false, true]);
        const errors = answer.evaluations.slice(1, 4).map((e) => e.context.error);
        assert.deepEqual(errors.map((e) => e.status), [400, 400, 400]);
        assert.match(errors[0].message, /^evaluations\[1\]\.resource is missing/);
        assert.match(errors[1].message, /^evaluations\[2\] must be an object/);
        assert.match(errors[2].message, /^evaluations\[3\]\.resource\.id must be a string/);
    });

    await t.test('without questions it is one question', async () => {
        const one = { ...own, resource: document('1', alice) };
        assert.deepEqual(await many(one), { decision: true });
        assert.deepEqual(await many({ ...one, evaluations: [] }), { decision: true });
        assert.equal((await ask(app, 'evaluations', own)).status, 400);
        assert.equal((await ask(app, 'evaluations', { ...own, evaluations: [] })).status, 400);
    });

    await t.test('what is wrong with the whole is 400', async () => {
        const evaluations = list(alice);
        const cases = {
            'options.evaluations_semantic must be': { ...own, evaluations, options: { evaluations_semantic: 'any' } },
            'options must be an object': { ...own, evaluations, options: 'execute_all' },
            'evaluations must be an array': { ...own, evaluations: { 0: evaluations[0] } },
            'subject must be an object': { ...own, subject: 'alice', evaluations },
            'subject.id is missing': { ...own, subject: { type: 'user' }, evaluations },
            'context must be an object': { ...own, context: [], evaluations },
            'evaluations holds 201 questions; at most 200': { ...own, evaluations: Array(201).fill(evaluations[0]) },
        };
        for (const [message, body] of Object.entries(cases)) {
            const answer = await ask(app, 'evaluations', body);
            assert.equal(answer.status, 400, `${message}: ${answer.text}`);
            assert.ok(answer.json().error_description.startsWith(message), `${message}: ${answer.text}`);
        }
    });

    await t.test('two hundred questions about two hundred people', async () => {
        const evaluations = Array.from({ length: 200 }, (_, i) => ({
            ...question(i % 2 ? `unknown-${i}` : alice.username, 'write', 'document', `${i}`),
            resource: document(`${i}`, alice),
        }));
        const answer = await many({ evaluations });
        assert.deepEqual(decisions(answer), evaluations.map((_, i) => i % 2 === 0));
    });
});
