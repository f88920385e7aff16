// Acting for another where one may not.
import assert from 'node:assert/strict';
import test from 'node:test';
import { authorization, callback, introspect, redeem, refresh } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { onedoor, setApp } from '../lib/cli.mjs';
import { demo } from '../lib/demo.mjs';
import { COMPANY, asksForWhom, choices, choose, codeOf, enterFor, mandate, mandateApp, written } from '../lib/mandates.mjs';
import { person } from '../lib/people.mjs';
import { signInAt } from '../lib/signin.mjs';
import { until } from '../lib/wait.mjs';

const subOf = async (entered) => {
    const tokens = (await redeem(entered.asked, codeOf(entered))).json();
    return JSON.parse(Buffer.from(tokens.id_token.split('.')[1], 'base64url')).sub;
};

// The page that asks, for somebody who has a mandate of their own.
async function atTheChoice(t, app, user, own) {
    const browser = new Browser();
    let page, asked;
    await until('the choice is offered', async () => {
        asked = authorization(app);
        page = await browser.open(asked.url);
        if (page.has('username')) page = await signInAt(browser, page, user);
        return asksForWhom(page) && choices(page).includes(own);
    });
    return { browser, asked, page };
}

test('attack 70: a mandate that is somebody else\'s, unconfirmed, over, ended or elsewhere is not taken', async (t) => {
    const [me, other] = [person(t), person(t)];
    const app = await mandateApp(t);
    const elsewhere = await mandateApp(t);
    const mine = written(t, { onedoorAgent: me.dn, onedoorMandateClientId: app.client_id });
    const bad = {
        'somebody else\'s': mandate(t, { agent: other }),
        unconfirmed: mandate(t, { agent: me, options: [] }),
        over: written(t, { onedoorAgent: me.dn, onedoorValidUntil: '20200101000000Z' }),
        'not yet': written(t, { onedoorAgent: me.dn, onedoorValidFrom: '20350101000000Z' }),
        ended: written(t, { onedoorAgent: me.dn, onedoorMandateState: 'ended' }),
        elsewhere: written(t, { onedoorAgent: me.dn, onedoorMandateClientId: elsewhere.client_id }),
        'without a sub': written(t, { onedoorAgent: me.dn, onedoorRepresentedSub: undefined }),
        unknown: 'no-such-mandate',
        'another spelling': mine.toUpperCase(),
        'not a name': '*)(cn=*',
    };
    const { browser, page } = await atTheChoice(t, app, me, mine);
    assert.deepEqual(choices(page).filter((c) => c !== 'self'), [mine]);
    for (const [name, id] of Object.entries(bad)) {
        const next = await choose(browser, page, id);
        assert.ok(asksForWhom(next), `${name}: ${next.url} ${next.visible}`);
        assert.match(next.visible, /can no longer be used/, name);
    }
});

test('attack 70: a mandate whose sub is not its DN\'s gives nobody\'s data', async (t) => {
    const [me, victim, friend] = [person(t), person(t), person(t)];
    const app = await mandateApp(t);
    const mixed = {
        'a friend\'s DN with the victim\'s sub': { onedoorMandateKind: 'guardian', onedoorRepresented: friend.dn, onedoorRepresentedSub: victim.username },
        'a company with a person\'s sub': { onedoorRepresentedSub: victim.username },
        'a company that is a person': { onedoorRepresented: friend.dn, onedoorRepresentedSub: friend.username },
        'a person that is a company': { onedoorMandateKind: 'guardian' },
    };
    for (const [name, attributes] of Object.entries(mixed)) {
        const id = written(t, { onedoorAgent: me.dn, ...attributes });
        const { browser, page } = await atTheChoice(t, app, me, id);
        assert.ok(asksForWhom(await choose(browser, page, id)), name);
    }
});

test('attack 70: what a later step says changes nothing; the stored choice is looked at again', async (t) => {
    const me = person(t);
    const app = await mandateApp(t);
    const mine = mandate(t, { agent: me });
    const { browser, page } = await atTheChoice(t, app, me, mine);
    const id = new URL(page.url).searchParams.get('t');
    for (const more of [`act=${mine}`, `mandate=${mine}`, `act_as=${COMPANY}`, 'act_done=1']) {
        const resumed = await browser.open(`/authorize/resume?t=${id}&${more}`);
        assert.ok(asksForWhom(resumed), more);
    }
    // Chosen, and ended before the browser goes on.
    const chosen = await browser.post(page, { act: mine });
    assert.equal(onedoor('mandate', 'end', mine).status, 0);
    await until('the server has heard of it', async () => !asksForWhom(await browser.open(authorization(app).url)));
    const next = await browser.open(new URL(chosen.location, page.url));
    assert.ok(asksForWhom(next));
    assert.match(next.visible, /can no longer be used/);
    assert.deepEqual(choices(next), ['self']);
});

test('attack 70: another browser\'s sign-in, and a form from elsewhere, choose nothing', async (t) => {
    const me = person(t);
    const app = await mandateApp(t);
    const mine = mandate(t, { agent: me });
    const { browser, page } = await atTheChoice(t, app, me, mine);
    const stranger = new Browser();
    assert.ok((await stranger.open(page.url)).status >= 400);
    assert.ok((await stranger.post(page, { act: mine })).status >= 400);
    assert.equal((await browser.post(page, { act: mine }, { headers: { origin: 'https://evil.example' } })).status, 403);
    assert.equal((await browser.post(page, { act: mine, csrf: 'x' })).status, 403);
    const early = new Browser();
    const form = await early.open(authorization(app).url);
    const t2 = new URL(form.url).searchParams.get('t');
    assert.ok((await early.open(`/signin/act?t=${t2}`)).has('username'), 'not before signing in');
});

test('attack 70: the application takes no mandates any more', async (t) => {
    const me = person(t);
    const app = await mandateApp(t);
    const mine = mandate(t, { agent: me });
    const entered = await enterFor(app, me, mine);
    const tokens = (await redeem(entered.asked, codeOf(entered))).json();
    assert.equal((await introspect(tokens.access_token, {}, app)).json().sub, COMPANY);
    setApp(app, { mandates: 'FALSE' });
    await until('its tokens are inactive', async () => (await introspect(tokens.access_token, {}, app)).json().active === false, { within: 10000 });
    assert.equal((await refresh(app, tokens.refresh_token)).json().error, 'invalid_grant');
});

test('attack 70: who acts is never mixed up with whom they act for', async (t) => {
    const [me, friend] = [person(t), person(t)];
    const app = await mandateApp(t);
    const mine = mandate(t, { kind: 'guardian', represented: friend.username, agent: me });
    assert.equal(await subOf(await enterFor(app, me, mine)), friend.username);
    assert.equal(await subOf(await enterFor(app, me, 'self')), me.username);
    const other = await enterFor(app, friend, 'self');
    assert.equal(await subOf(other), friend.username);
    // A hint at the represented, who is not there: only a choice of the person's own gives that sub.
    const entered = await enterFor(app, me, mine);
    const { id_token } = (await redeem(entered.asked, codeOf(entered))).json();
    const fresh = new Browser();
    const first = await fresh.open(authorization(app, { id_token_hint: id_token }).url);
    const page = await signInAt(fresh, first, me);
    assert.ok(asksForWhom(page));
    assert.equal(callback((await choose(fresh, page, 'self')).left).error, 'login_required');
});

test('attack 70: a mandate is no key to its own pages', async (t) => {
    const [me, other] = [person(t), person(t)];
    const mine = mandate(t, { agent: other, options: [] });
    const browser = new Browser();
    const page = await signInAt(browser, await browser.open('/mandates'), me);
    const csrf = page.dom.querySelector('input[name=csrf]')?.getAttribute('value');
    assert.equal(csrf, undefined, 'nothing to press');
    const account = await browser.open('/account');
    const token = account.dom.querySelector('input[name=csrf]').getAttribute('value');
    for (const action of ['confirm', 'end']) {
        const tried = await browser.send('/mandates', {
            method: 'POST',
            headers: { 'content-type': 'application/x-www-form-urlencoded', origin: demo.issuer, 'sec-fetch-site': 'same-origin' },
            body: new URLSearchParams({ action, mandate: mine, csrf: token }).toString(),
        });
        assert.match(tried.location, /message=changed/);
    }
    assert.match(onedoor('mandate', 'show', mine).out, /^state=granted$/m);
});
