// A store is away: what is in memory goes on being decided, and what is not known is never a denial.
import assert from 'node:assert/strict';
import test from 'node:test';
import { authenticated } from '../lib/app.mjs';
import { frozen, healthy, killed, restart } from '../lib/processes.mjs';
import { person } from '../lib/people.mjs';
import { allowed, answered, application, ask, question, role, settled } from '../lib/rights.mjs';
import { inTime, unavailable } from '../lib/sleepers.mjs';

// Two people who hold a role: one was asked about before, the other was not.
async function prepared(t) {
    const [known, stranger] = [person(t), person(t)];
    const app = await application(t, { permissions: ['case:read', 'case:write'] });
    role(app, 'reader', { onedoorPermission: 'case:read', member: [known.dn, stranger.dn], onedoorDataScope: 'all' });
    const about = (who, action = 'read') => question(who.username, action, 'case', '1');
    await settled(app, about(known));
    const { access_token } = (await authenticated('/token', app, { grant_type: 'client_credentials' })).json();
    return { app, known, stranger, about, bearer: { authorization: `Bearer ${access_token}` } };
}

async function holds({ app, known, stranger, about }) {
    assert.equal(await inTime(() => allowed(app, about(known)), 'a decision from memory'), true);
    assert.equal(await allowed(app, about(known, 'write')), false);
    const actions = await answered(app, 'search/action', { subject: about(known).subject, resource: about(known).resource });
    assert.deepEqual(actions.results, [{ name: 'read' }]);
    await unavailable(() => ask(app, 'evaluation', about(stranger)), 'a person who is not in memory');
    await unavailable(() => ask(app, 'evaluation', question('nobody-at-all', 'read', 'case', '1')), 'perhaps nobody');
    const many = { evaluations: [about(known), about(stranger), about(known)] };
    await unavailable(() => ask(app, 'evaluations', many), 'many, one of them not in memory');
    await unavailable(() => ask(app, 'search/subject', { ...about(known), subject: { type: 'user' } }), 'a list of people');
}

test('the directory silent, then killed', async (t) => {
    t.after(restart);
    const world = await prepared(t);
    await frozen('slapd', () => holds(world));
    await healthy();
    assert.equal(await allowed(world.app, world.about(world.stranger)), true, 'now that it answers');
    const fresh = person(t);
    await killed('slapd');
    await holds({ ...world, stranger: fresh });
    restart();
    await healthy();
    assert.equal(await allowed(world.app, world.about(fresh)), false);
});

test('Redis killed: secrets are as good as before, tokens cannot be looked up', async (t) => {
    t.after(restart);
    const { app, known, about, bearer } = await prepared(t);
    assert.equal(await allowed(app, about(known), bearer), true);
    await killed('redis');
    assert.equal(await inTime(() => allowed(app, about(known)), 'a decision'), true);
    await unavailable(() => ask(app, 'evaluation', about(known), bearer), 'a caller with a token');
    const proof = { ...about(known), subject: { ...about(known).subject, properties: { access_token: bearer.authorization.slice(7) } } };
    await unavailable(() => ask(app, 'evaluation', proof), 'a sign-in proved by a token');
    restart();
    await healthy();
});
