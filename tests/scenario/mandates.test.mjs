// One acts for another: given, accepted, chosen at sign-in, in tokens, and over at once when either side says so.
import assert from 'node:assert/strict';
import test from 'node:test';
import { introspect, refresh } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { must, onedoor } from '../lib/cli.mjs';
import { apps, demo } from '../lib/demo.mjs';
import * as ldap from '../lib/ldap.mjs';
import {
    COMPANY, asksForWhom, choices, choose, day, dnOf, enterFor, everywhere, mandate, mandateApp, openForm, over, written,
} from '../lib/mandates.mjs';
import { ask, client, discover } from '../lib/party.mjs';
import { disable, person } from '../lib/people.mjs';
import { signInAt } from '../lib/signin.mjs';
import { until } from '../lib/wait.mjs';

const inactiveWithinASecond = (app, token) =>
    everywhere((via) => until(`inactive at ${via}`, async () => (await introspect(token, { via }, app)).json().active === false, { within: 1000, every: 20 }));

const activeEverywhere = async (app, token) => {
    for (const answer of await everywhere((via) => introspect(token, { via }, app))) assert.equal(answer.json().active, true, answer.text);
};

// openid-client enters for the represented: { config, browser, tokens }, its every check done.
async function tokensFor(app, user, act, parameters = {}) {
    const config = await discover(app);
    const { browser } = await enterFor(app, user, act);
    const { url, checks } = await ask(config, app, parameters);
    const page = await choose(browser, await browser.open(url), act);
    return { config, browser, tokens: await client.authorizationCodeGrant(config, page.left, checks) };
}

test('given on the page, accepted by the agent, chosen at sign-in: sub and act in every answer', async (t) => {
    const [giver, agent] = [person(t, { totp: true }), person(t)];
    const app = await mandateApp(t);
    const mine = new Browser();
    const form = await openForm(mine, giver);
    const list = await mine.submit(form, {
        agent: agent.username, agent_name: `测试 ${agent.username}`, until: day(10), kind: 'guardian', [`at:${app.client_id}`]: 'yes',
    });
    assert.match(list.visible, /The mandate was given/);
    const id = list.dom.querySelector('input[name=mandate]').getAttribute('value');
    t.after(() => over(id));

    const theirs = new Browser();
    let page = await theirs.open('/mandates');
    page = await signInAt(theirs, page, agent);
    assert.match(page.visible, new RegExp(`测试 ${giver.username}`));
    page = await theirs.submit(page, {}, { form: page.formWith('mandate'), button: { action: 'confirm' } });
    assert.match(page.visible, /You have accepted/);

    const { config, tokens } = await tokensFor(app, agent, id);
    const claims = tokens.claims();
    assert.equal(claims.sub, giver.username);
    assert.deepEqual(claims.act, { sub: agent.username });
    assert.equal(claims.mandate, id);
    const info = await client.fetchUserInfo(config, tokens.access_token, giver.username);
    assert.equal(info.name, `测试 ${giver.username}`);
    assert.deepEqual(info.act, { sub: agent.username });
    assert.equal(info.email, undefined);
    for (const answer of await everywhere((via) => introspect(tokens.access_token, { via }, app))) {
        const told = answer.json();
        assert.equal(told.active, true);
        assert.equal(told.sub, giver.username);
        assert.deepEqual(told.act, { sub: agent.username });
    }
    const again = await client.refreshTokenGrant(config, tokens.refresh_token);
    assert.equal(again.claims().sub, giver.username);
    assert.deepEqual(again.claims().act, { sub: agent.username });

    page = await mine.open('/mandates');
    page = await mine.submit(page, {}, { form: page.formWith('mandate'), button: { action: 'end' } });
    assert.match(page.visible, /has ended/);
    await inactiveWithinASecond(app, again.access_token);
    assert.equal((await refresh(app, again.refresh_token)).json().error, 'invalid_grant');
    await assert.rejects(client.fetchUserInfo(config, again.access_token, giver.username));
    assert.match(must('mandate', 'show', id), new RegExp(`history=.* granted by ${giver.username} as represented\\nhistory=.* confirmed by ${agent.username} as agent\\nhistory=.* ended by ${giver.username} as represented`));
});

test('for a company: its name and nothing of the agent; one question at each sign-in, one\'s own name among the answers', async (t) => {
    const agent = person(t, { mail: 'agent@mail.example' });
    const app = await mandateApp(t);
    const id = mandate(t, { agent });
    const { config, tokens, browser } = await tokensFor(app, agent, id, { scope: 'openid profile email' });
    assert.equal(tokens.claims().sub, COMPANY);
    const info = await client.fetchUserInfo(config, tokens.access_token, COMPANY);
    assert.equal(info.name, '福州样例科技有限公司');
    assert.ok(!JSON.stringify(info).includes('agent@mail.example'));

    const { url, checks } = await ask(config, app);
    const page = await browser.open(url);
    assert.ok(asksForWhom(page), 'asked again');
    assert.ok(page.dom.querySelector(`input[value="${id}"]`).hasAttribute('checked'), 'the last answer is marked');
    const own = await client.authorizationCodeGrant(config, (await choose(browser, page, 'self')).left, checks);
    assert.equal(own.claims().sub, agent.username);
    assert.equal(own.claims().act, undefined);
});

test('whoever holds none is never asked, nor is anybody at an application that takes none', async (t) => {
    const [agent, other] = [person(t), person(t)];
    const app = await mandateApp(t);
    mandate(t, { agent });
    assert.ok((await enterFor(app, other, 'self')).page.left);
    const deaf = await mandateApp(t, { mandates: 'FALSE' });
    assert.ok(!asksForWhom((await enterFor(deaf, agent, 'self')).page));
});

test('prompt=none: the choice of this session, or else interaction_required', async (t) => {
    const agent = person(t);
    const app = await mandateApp(t);
    const id = mandate(t, { agent });
    const { browser, page } = await enterFor(app, agent, id);
    assert.ok(page.left);
    const quiet = async (parameters) => {
        const config = await discover(app);
        const { url, checks } = await ask(config, app, { prompt: 'none', ...parameters });
        const { left } = await browser.open(url);
        if (left.searchParams.has('error')) return left.searchParams.get('error');
        return (await client.authorizationCodeGrant(config, left, checks)).claims().sub;
    };
    assert.equal(await quiet(), COMPANY);
    assert.equal(await quiet({ act_as: COMPANY }), COMPANY);
    assert.equal(await quiet({ act_as: 'self' }), agent.username);
    assert.equal(await quiet({ act_as: 'c-91330102' }), 'interaction_required');
    assert.equal(await quiet(), agent.username, 'the last choice');
    const other = await mandateApp(t);
    const config = await discover(other);
    await until('the mandate is known', async () => {
        const { url } = await ask(config, other, { prompt: 'none' });
        return (await browser.open(url)).left.searchParams.get('error') === 'interaction_required';
    });
});

test('an application for companies alone: no way in but for one', async (t) => {
    const agent = person(t);
    const app = await mandateApp(t, { 'person-kind': 'company', 'home-uri': 'https://localhost:9443/companies/' });
    const refused = await enterFor(app, agent, 'self');
    assert.equal(refused.page.left.searchParams.get('error'), 'access_denied');
    const id = mandate(t, { agent });
    const { browser, page } = await enterFor(app, agent, id);
    assert.ok(page.left.searchParams.has('code'));
    const asked = await browser.open((await ask(await discover(app), app)).url);
    assert.deepEqual(choices(asked), [id], 'nobody enters in their own name');
    assert.equal((await choose(browser, asked, 'self')).left.searchParams.get('error'), 'access_denied');
    assert.match((await browser.open('/')).visible, new RegExp(`Test ${app.client_id}`), 'the portal leads there');
});

test('narrowed to an application: elsewhere it is not offered, and no token for another resource comes of it', async (t) => {
    const agent = person(t);
    const [one, two] = [await mandateApp(t, { 'may-request': apps.resource.resource }), await mandateApp(t)];
    const id = mandate(t, { agent, options: ['confirmed', `application=${one.client_id}`, 'permission=case:read'] });
    const { config, tokens } = await tokensFor(one, agent, id);
    assert.equal(tokens.claims().sub, COMPANY);
    await assert.rejects(
        client.refreshTokenGrant(config, tokens.refresh_token, { resource: apps.resource.resource }),
        (error) => error.error === 'invalid_target');
    const { page } = await enterFor(two, agent, 'self');
    assert.ok(page.left, 'nothing to choose there');

    ldap.replace(dnOf(id), 'onedoorMandateClientId', two.client_id);
    await inactiveWithinASecond(one, tokens.access_token);
});

test('withdrawn with ldapmodify: inactive within a second on every server', async (t) => {
    const agent = person(t);
    const app = await mandateApp(t);
    const ways = {
        state: (id) => ldap.replace(dnOf(id), 'onedoorMandateState', 'ended'),
        agent: (id) => ldap.replace(dnOf(id), 'onedoorAgent', `uid=n-1c9be402,ou=citizens,${demo.people_base}`),
        represented: (id) => ldap.replace(dnOf(id), 'onedoorRepresentedSub', 'c-91330102'),
        end: (id) => ldap.replace(dnOf(id), 'onedoorValidUntil', '20200101000000Z'),
    };
    for (const [name, withdraw] of Object.entries(ways)) {
        const id = mandate(t, { agent });
        const { tokens } = await tokensFor(app, agent, id);
        await activeEverywhere(app, tokens.access_token);
        withdraw(id);
        await inactiveWithinASecond(app, tokens.access_token).catch((error) => assert.fail(`${name}: ${error.message}`));
        assert.equal((await refresh(app, tokens.refresh_token)).json().error, 'invalid_grant', name);
    }
});

test('its end comes by itself', async (t) => {
    const agent = person(t);
    const app = await mandateApp(t);
    const end = new Date(Date.now() + 8000);
    const id = written(t, {
        onedoorAgent: agent.dn, onedoorMandateClientId: app.client_id,
        onedoorValidUntil: `${end.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`,
    });
    const { tokens } = await tokensFor(app, agent, id);
    await activeEverywhere(app, tokens.access_token);
    await until('over', async () => Date.now() >= end.getTime(), { within: 10000 });
    await inactiveWithinASecond(app, tokens.access_token);
});

test('the represented of a deputy is disabled: over; the agent is disabled: over', async (t) => {
    const app = await mandateApp(t);
    for (const who of ['represented', 'agent']) {
        const pair = { represented: person(t, { kind: 'staff' }), agent: person(t, { kind: 'staff' }) };
        const id = mandate(t, { kind: 'deputy', represented: pair.represented.username, agent: pair.agent });
        const { tokens } = await tokensFor(app, pair.agent, id);
        assert.equal(tokens.claims().sub, pair.represented.username);
        await activeEverywhere(app, tokens.access_token);
        disable(pair[who]);
        await inactiveWithinASecond(app, tokens.access_token).catch((error) => assert.fail(`${who}: ${error.message}`));
        assert.equal((await refresh(app, tokens.refresh_token)).json().error, 'invalid_grant', who);
    }
});

test('a company\'s representative appoints an agent, who cannot appoint further', async (t) => {
    const [head, agent] = [person(t, { totp: true }), person(t, { totp: true })];
    const app = await mandateApp(t);
    const right = mandate(t, { agent: head, options: ['confirmed', 'representative'] });
    const browser = new Browser();
    let page = await browser.open('/mandates');
    page = await openForm(browser, head, '/mandates');
    assert.match(page.visible, /福州样例科技有限公司/);
    page = await openForm(browser, head, `/mandates/new?for=${right}`);
    assert.equal(page.formWith('agent').fields.for, right);
    page = await browser.submit(page, {
        agent: agent.username, agent_name: `测试 ${agent.username}`, until: day(20), [`may:${app.client_id} case:read`]: 'yes',
    });
    assert.match(page.visible, /The mandate was given/);
    const given = ldap.search(`ou=mandates,${demo.registry_base}`, `(onedoorAgent=${agent.dn})`, 'cn', 'onedoorPermission', 'onedoorMandateState');
    const id = /^cn: (.*)$/m.exec(given)[1];
    t.after(() => over(id));
    assert.match(given, /onedoorPermission: case:read/);
    assert.match(given, /onedoorMandateState: granted/);

    const other = new Browser();
    page = await openForm(other, agent, '/mandates');
    page = await other.submit(page, {}, { form: page.formWith('mandate'), button: { action: 'confirm' } });
    assert.ok(!page.visible.includes('Agents of'));
    page = await openForm(other, agent, `/mandates/new?for=${id}`);
    assert.ok(!page.has('agent'), 'nor with the mandate that they hold');
    page = await other.open(`/mandates/new?for=${right}`);
    assert.ok(!page.has('agent'), 'nor with the representative\'s');
});

test('the form: who is not named rightly by both names is refused in the same words', async (t) => {
    const [giver, agent] = [person(t, { totp: true }), person(t)];
    const app = await mandateApp(t);
    const browser = new Browser();
    const form = await openForm(browser, giver);
    const send = (values) => browser.submit(form, { until: day(5), [`at:${app.client_id}`]: 'yes', ...values });
    const said = new Set();
    for (const values of [
        { agent: agent.username, agent_name: 'Somebody Else' },
        { agent: 'nobody-at-all', agent_name: `测试 ${agent.username}` },
        { agent: agent.username, agent_name: '' },
        { agent: '*', agent_name: '*' },
    ]) {
        const page = await send(values);
        assert.ok(page.has('agent'), 'the form again');
        said.add(page.dom.querySelector('#summary').structuredText);
    }
    assert.equal(said.size, 1, [...said].join('\n'));
    assert.match((await send({ agent: agent.username, agent_name: `测试${agent.username}`, until: day(4000) })).visible, /last day/);
    assert.match((await send({ agent: giver.username, agent_name: `测试 ${giver.username}` })).visible, /to yourself/);
});

test('what was ticked at one service gives nothing at another that knows the same permission', async (t) => {
    const [giver, agent] = [person(t, { totp: true }), person(t)];
    const [one, other] = [await mandateApp(t), await mandateApp(t)];
    const browser = new Browser();
    const form = await openForm(browser, giver);
    const send = (values) =>
        browser.submit(form, { agent: agent.username, agent_name: `测试 ${agent.username}`, until: day(5), ...values });
    const may = (app, permission) => ({ [`may:${app.client_id} ${permission}`]: 'yes' });
    for (const values of [
        { ...may(one, 'case:read'), ...may(other, 'case:submit') },
        { ...may(one, 'case:read'), [`at:${other.client_id}`]: 'yes' },
    ]) {
        assert.match((await send(values)).visible, /a mandate of its own for each/);
        assert.ok(!/^cn: /m.test(ldap.search(`ou=mandates,${demo.registry_base}`, `(onedoorAgent=${agent.dn})`, 'cn')));
    }
    const page = await send({ ...may(one, 'case:read'), ...may(other, 'case:read') });
    assert.match(page.visible, /The mandate was given/);
    over(page.dom.querySelector('input[name=mandate]').getAttribute('value'));
});

test('giving one needs a fresh second factor, and the page its own form', async (t) => {
    const giver = person(t);
    const browser = new Browser();
    const page = await signInAt(browser, await browser.open('/mandates'), giver);
    assert.match(page.visible, /You have given no mandate/);
    const next = await browser.open('/mandates/new');
    assert.ok(!next.has('agent') && next.has('username'), 'a password alone does not do');
    const forged = await browser.send('/mandates', {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.example' },
        body: 'action=end&mandate=x&csrf=x',
    });
    assert.equal(forged.status, 403);
});

test('the command line: refused in words, listed, ended', (t) => {
    const [giver, agent] = [person(t), person(t)];
    const grant = (...args) => onedoor('mandate', 'grant', ...args);
    assert.match(grant('guardian', giver.username, giver.username, `until=${day(5)}`).err, /is the represented/);
    assert.match(grant('guardian', giver.username, agent.username, `until=${day(-5)}`).err, /future/);
    assert.match(grant('deputy', giver.username, agent.username, `until=${day(400)}`).err, /a year/);
    assert.match(grant('guardian', giver.username, agent.username, `until=${day(5)}`, 'application=nowhere').err, /takes no mandates/);
    assert.match(grant('guardian', giver.username, agent.username, `until=${day(5)}`, 'permission=no:such').err, /declared/);
    assert.match(grant('company', giver.username, agent.username, `until=${day(5)}`).err, /company/);
    assert.match(grant('guardian', giver.username, 'nobody-at-all', `until=${day(5)}`).err, /no such person/);
    const id = mandate(t, { kind: 'guardian', represented: giver.username, agent, options: [] });
    assert.match(must('mandate', 'list', agent.username), new RegExp(`^${id}\tguardian\tgranted\t${giver.username}\t`, 'm'));
    must('mandate', 'end', id);
    assert.match(must('mandate', 'show', id), /^state=ended$/m);
});
