import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { authorization } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { onedoor } from '../lib/cli.mjs';
import { apps, state, users } from '../lib/demo.mjs';
import { get, post } from '../lib/http.mjs';
import { person } from '../lib/people.mjs';
import { logOf } from '../lib/processes.mjs';
import { allow, enter, signInAt } from '../lib/signin.mjs';
import { until } from '../lib/wait.mjs';

const { portal } = apps;
const evil = ['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', "'onfocus='alert(1)", '</title><svg/onload=alert(1)>', '&lt;b&gt;', '{{7*7}}', '${7*7}', '<!--', '\u2028alert(1)', '%3Cscript%3E',
    'javascript:alert(1)', '\r\nSet-Cookie: x=y', '%0d%0aX-Injected: 1', '‮evil', 'x\u0000<b>'];

// What came back holds no element, attribute, header or cookie that the value could have made.
function harmless(page, value, where) {
    const told = `${where}: ${value}\n${page.text}`;
    for (const element of page.dom.querySelectorAll('*')) {
        const names = Object.keys(element.attributes);
        assert.ok(!names.some((name) => /^on|^style$/i.test(name)), told);
        assert.ok(!['SVG', 'B', 'IFRAME'].includes(element.tagName) || !element.getAttribute('onload'), told);
        for (const name of ['href', 'src', 'action']) assert.doesNotMatch(element.getAttribute(name) ?? '', /^(javascript:|x$)/i, told);
        if (element.tagName === 'SCRIPT') assert.match(element.getAttribute('src') ?? '', /^\/static\//, told);
    }
    assert.equal(page.headers['x-injected'], undefined, where);
    assert.ok(!page.cookies.some((line) => line.startsWith('x=')), where);
}

test('attack 47: whatever an application sends is text on the page', async () => {
    for (const value of evil)
        for (const name of ['login_hint', 'state', 'nonce', 'ui_locales', 'scope', 'client_id', 'redirect_uri', 'acr_values', 'prompt', 'response_type', 'display', value]) {
            const answer = await new Browser().open(authorization(portal, { [name]: value }).url);
            harmless(answer, value, name);
            if (answer.left) assert.doesNotMatch(answer.left.href, /[<>"\r\n]/, name);
        }
});

test('attack 47: so is what a person types', async () => {
    for (const [i, value] of evil.entries()) {
        const browser = new Browser({ source: `127.3.47.${i + 1}` });
        const page = await browser.open(authorization(portal).url);
        const answer = await browser.post(page, { username: value, password: value });
        harmless(answer, value, 'username');
        if (answer.has('username')) assert.ok([value, ''].includes(answer.formWith('username').fields.username));
    }
});

test('attack 47: names of people and applications are text', async (t) => {
    const nasty = '<script>alert(1)</script>"\'&';
    const user = person(t, { displayName: nasty, givenName: nasty, sn: nasty, cn: nasty });
    const added = onedoor('app', 'add', 'nasty-app', `name=${nasty}`, `description=${nasty}`, 'method=none', 'consent=required', 'grant=authorization_code', 'scope=openid', 'scope=profile',
        'redirect-uri=https://localhost:9443/nasty');
    t.after(() => onedoor('app', 'remove', 'nasty-app'));
    assert.equal(added.status, 0, added.err);
    const app = { client_id: 'nasty-app', redirect_uris: ['https://localhost:9443/nasty'] };
    const browser = new Browser();
    await until('it is known', async () => (await browser.open(authorization(app).url)).has('username'), { within: 8000 });
    const pages = [await browser.open(authorization(app).url)];
    pages.push(await signInAt(browser, pages[0], user));
    await browser.submit(pages[1], {}, allow(pages[1]));
    for (const path of ['/', '/account', '/logout']) pages.push(await browser.open(path));
    for (const page of pages) {
        harmless(page, nasty, page.url);
        assert.doesNotMatch(page.text, /<script>alert/);
    }
    assert.ok(pages.some((page) => page.visible.includes(nasty) || page.text.includes('&lt;script&gt;')), 'it is shown, escaped');
});

test('attack 47: form_post escapes what it hands on', async () => {
    for (const value of ['"><script>alert(1)</script>', "'x' & <y>"]) {
        const browser = new Browser();
        const asked = authorization(portal, { response_mode: 'form_post', state: value });
        const page = await signInAt(browser, await browser.open(asked.url), users.citizen);
        assert.doesNotMatch(page.text, /<script>alert/);
        assert.equal(page.formWith('code', 'state').fields.state, value);
    }
});

test('attack 47: no address of ours sends the browser where a parameter says', async () => {
    const away = ['https://evil.example/', '//evil.example/', '/\\evil.example', '\\\\evil.example', 'javascript:alert(1)', '/%0d%0aLocation:%20https://evil.example', 'https:evil.example', '/\t/evil.example', '///evil.example', '/..//evil.example', ''];
    for (const back of away) {
        const answer = await get(`/language?set=en&back=${encodeURIComponent(back)}`);
        if (answer.location) assert.equal(new URL(answer.location, answer.url).origin, new URL(answer.url).origin, back);
        if (answer.location) assert.doesNotMatch(answer.location, /^\/[/\\]/, back);
        const raw = await get(`/language?set=en&back=${back.replace(/[\\\t ]/g, encodeURIComponent)}`);
        if (raw.location) assert.equal(new URL(raw.location, raw.url).origin, new URL(raw.url).origin, back);
    }
    for (const set of ['xx', '<b>', '../../etc', 'en\r\nX: y', '']) {
        const answer = await get(`/language?set=${encodeURIComponent(set)}&back=/`);
        assert.ok(!answer.cookies.some((line) => /<|\n|\.\./.test(decodeURIComponent(line))), set);
    }
});

test('attack 47: error answers for programs are JSON that no browser takes for a page', async () => {
    for (const value of evil) {
        const answer = await post('/token', { grant_type: value, client_id: value });
        assert.match(answer.headers['content-type'], /^application\/json/);
        assert.equal(answer.headers['x-content-type-options'], 'nosniff');
        JSON.parse(answer.text);
    }
});

test('attack 47: in the logs, one event stays one line', async () => {
    const mark = `mark${Date.now()}`;
    const forged = `${mark}\r\nlevel=info event=sign_in subject=admin\n{"event":"sign_in","subject":"admin-${mark}"}\u001b[2J`;
    const browser = new Browser({ source: '127.3.48.1' });
    const page = await browser.open(authorization(portal, { login_hint: forged, client_id: portal.client_id }).url);
    await browser.post(page, { username: forged, password: 'x' });
    await get(`/authorize?client_id=${encodeURIComponent(forged)}`);
    await get('/', { headers: { 'user-agent': `${mark} \u00e9`, cookie: `x=${mark}` } });
    const audit = fs.readFileSync(path.join(state, 'log/audit-main.log'), 'utf8');
    for (const line of audit.trim().split('\n')) assert.notEqual(JSON.parse(line).subject, `admin-${mark}`);
    for (const line of logOf('onedoor-main').split('\n')) assert.ok(!line.startsWith('level=info event=sign_in subject=admin') && !line.startsWith('{"event":"sign_in"'), line);
    assert.ok(!/\u001b/.test(logOf('onedoor-main') + audit));
});

test('attack 47: what comes back in an address is encoded', async () => {
    for (const value of evil) {
        const { returned, left } = await enter(new Browser(), portal, users.citizen, { state: value }).catch((error) => ({ error }));
        if (!left) continue;
        assert.doesNotMatch(left.href, /[<>"'\s\u0000]/);
        if (!returned.error) assert.equal(returned.state, value);
    }
});
