// Mandates: given and confirmed on the pages as people do it, or made at the counter; chosen at sign-in.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { authorization, callback } from './app.mjs';
import { Browser } from './browser.mjs';
import { addApp, must, servers } from './cli.mjs';
import { demo } from './demo.mjs';
import * as ldap from './ldap.mjs';
import { allow, enterCode, signInAt } from './signin.mjs';
import { until } from './wait.mjs';

export const COMPANY = 'c-91350100';

// An application that takes mandates.
export const mandateApp = (t, settings = {}) =>
    addApp(t, {
        method: 'client_secret_basic',
        grant: ['authorization_code', 'refresh_token'],
        scope: ['openid', 'profile', 'email', 'organisation', 'offline_access'],
        'redirect-uri': 'https://localhost:9443/mandates/callback',
        mandates: 'TRUE',
        introspection: 'TRUE',
        permission: ['case:read', 'case:submit'],
        ...settings,
    }, 'mandates');

export const day = (days) => new Date(Date.now() + days * 86400000).toISOString().slice(0, 10);

// Ended with the test, not deleted: so many entries gone at once would not be believed.
export const over = (id) => ldap.replace(dnOf(id), 'onedoorMandateState', 'ended');

// At the counter, confirmed: its id.
export function mandate(t, { kind = 'company', represented = `company:${COMPANY}`, agent, options = ['confirmed'], until: end = day(30) }) {
    const out = must('mandate', 'grant', kind, represented, agent.username, `until=${end}`, ...options);
    const id = /^mandate=(\S+)$/m.exec(out)[1];
    t.after(() => over(id));
    return id;
}

export const dnOf = (id) => `cn=${id},ou=mandates,${demo.registry_base}`;

// A mandate written straight into the registry, as nobody's page would.
export function written(t, attributes) {
    const cn = `t-${randomBytes(6).toString('hex')}`;
    ldap.add(dnOf(cn), {
        objectClass: 'onedoorMandate',
        cn,
        onedoorMandateKind: 'company',
        onedoorMandateState: 'confirmed',
        onedoorRepresented: `o=${COMPANY},ou=legal,${demo.people_base}`,
        onedoorRepresentedSub: COMPANY,
        displayName: 'Sample Technology Co.',
        onedoorValidUntil: '20361231235959Z',
        ...attributes,
    });
    t.after(() => over(cn));
    return cn;
}

export const asksForWhom = (page) => !page.left && page.has('act');

/*
 * To the application for the represented of that mandate ("self": in one's own name): { browser, asked, page },
 * page.left once back there. Waits, by asking anew, until the server has heard of the mandate.
 */
export async function enterFor(app, user, act, { browser = new Browser(), parameters } = {}) {
    let asked, page;
    await until(`the choice of ${act} is offered`, async () => {
        asked = authorization(app, parameters);
        page = await browser.open(asked.url);
        if (!page.left && page.has('username')) page = await signInAt(browser, page, user);
        return act === 'self' || (asksForWhom(page) && choices(page).includes(act));
    });
    if (asksForWhom(page)) page = await choose(browser, page, act);
    if (!page.left && page.has('decision')) page = await browser.submit(page, {}, allow(page));
    return { browser, asked, page };
}

export const choices = (page) => page.dom.querySelectorAll('input[name=act]').map((input) => input.getAttribute('value'));

export const choose = (browser, page, act) => browser.submit(page, { act });

export const codeOf = ({ page }) => {
    assert.ok(page.left, `not back at the application but at ${page.url} (${page.status}): ${page.visible}`);
    return callback(page.left).code;
};

// Signs in strongly and opens the form that gives a mandate.
export async function openForm(browser, user, path = '/mandates/new') {
    let page = await browser.open(path);
    if (page.has('username')) page = await signInAt(browser, page, user);
    if (page.has('otp')) page = await enterCode(browser, page, user);
    return page;
}

export const everywhere = (check) => Promise.all(servers.map(check));
