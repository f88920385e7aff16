// Decisions about somebody who acts for another: the access token says for whom.
import assert from 'node:assert/strict';
import test from 'node:test';
import { redeem } from '../lib/app.mjs';
import * as ldap from '../lib/ldap.mjs';
import { COMPANY, codeOf, dnOf, enterFor, mandate, mandateApp, written } from '../lib/mandates.mjs';
import { person } from '../lib/people.mjs';
import { answered, branch, decided, question, resources, role, ruleOf, settled } from '../lib/rights.mjs';
import { demo } from '../lib/demo.mjs';

const asked = (app, body) => decided(app, body).then(ruleOf);
const bearing = (token, body) => ({ ...body, subject: { ...body.subject, properties: { access_token: token } } });

async function tokenFor(app, agent, act) {
    const entered = await enterFor(app, agent, act);
    const answer = await redeem(entered.asked, codeOf(entered));
    assert.equal(answer.status, 200, answer.text);
    return answer.json().access_token;
}

test('for a company: what is the company\'s, as far as the mandate goes and as long as it holds', async (t) => {
    const agent = person(t);
    const app = await mandateApp(t, { 'resource-type': 'case owner=applicant' });
    resources(t, app, 'case', { own: { owner: COMPANY }, other: { owner: 'c-somebody-else' } });
    const whole = mandate(t, { agent });
    const narrow = written(t, { onedoorAgent: agent.dn, onedoorPermission: 'case:read' });
    const about = (action, id, sub = COMPANY) => question(sub, action, 'case', id);
    const token = await tokenFor(app, agent, whole);
    await settled(app, bearing(token, about('submit', 'own')));
    await settled(app, bearing(token, about('read', 'other')), 'P-17');

    assert.equal(await asked(app, bearing(token, about('read', 'own'))), 'P-00');
    assert.equal(await asked(app, bearing(token, about('read', 'other'))), 'P-17');
    assert.equal(await asked(app, bearing(token, about('read', 'unknown'))), 'P-18');
    assert.equal(await asked(app, about('read', 'own')), 'P-12', 'a company is nobody by itself');
    assert.equal(await asked(app, bearing(token, about('read', 'own', agent.username))), 'P-22', 'the token is not for the agent themselves');
    assert.equal(await asked(app, about('read', 'own', agent.username)), 'P-14', 'who has no role of their own');

    const found = await answered(app, 'search/action', { subject: bearing(token, about('read', 'own')).subject, resource: { type: 'case', id: 'own' } });
    assert.deepEqual(found.results, [{ name: 'read' }, { name: 'submit' }]);
    const reached = await answered(app, 'search/resource', { ...bearing(token, about('read', 'own')), resource: { type: 'case' } });
    assert.deepEqual(reached.results, [{ type: 'case', id: 'own' }]);

    const less = await tokenFor(app, agent, narrow);
    assert.equal(await asked(app, bearing(less, about('read', 'own'))), 'P-00');
    assert.equal(await asked(app, bearing(less, about('submit', 'own'))), 'P-21', 'narrowed to reading');

    ldap.replace(dnOf(narrow), 'onedoorMandateState', 'ended');
    await settled(app, bearing(less, about('read', 'own')), 'P-22');
    assert.equal(await asked(app, bearing(token, about('submit', 'own'))), 'P-00', 'the other one goes on');
});

test('a deputy may what the represented may, in their stead', async (t) => {
    const [official, deputy] = [person(t, { kind: 'staff' }), person(t, { kind: 'staff' })];
    const app = await mandateApp(t);
    branch(t, `ou=${app.client_id},ou=roles,${demo.registry_base}`);
    role(app, 'reader', { onedoorPermission: 'case:read', member: official.dn, onedoorDataScope: 'all' });
    const id = mandate(t, { kind: 'deputy', represented: official.username, agent: deputy });
    const token = await tokenFor(app, deputy, id);
    const about = (action, sub = official.username) => question(sub, action, 'case', '1');
    await settled(app, bearing(token, about('read')));
    assert.equal(await asked(app, bearing(token, about('submit'))), 'P-14', 'which the represented may not either');
    assert.equal(await asked(app, about('read', deputy.username)), 'P-14', 'in their own name');
});
