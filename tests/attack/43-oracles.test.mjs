import assert from 'node:assert/strict';
import test from 'node:test';
import { authorization } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { apps, users } from '../lib/demo.mjs';
import { disable, person } from '../lib/people.mjs';
import { assertSame } from '../lib/same.mjs';
import { timed } from '../lib/wait.mjs';

const { portal } = apps;
const median = (all) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)];
let address = 0;

// A wrong sign-in from an address of its own.
async function attempt(username, password) {
    address += 1;
    const browser = new Browser({ source: `127.2.${Math.floor(address / 200)}.${(address % 200) + 1}` });
    const page = await browser.open(authorization(portal).url);
    const { ms, value } = await timed(() => browser.post(page, { username, password }));
    return { ms, answer: value };
}

test('attack 43: unknown, disabled and wrong password: the same status, words, headers and cookies', async (t) => {
    const locked = person(t);
    disable(locked);
    const user = person(t);
    const typed = [user.username, locked.username, users.disabled.username, 'nobody-knows-me'];
    const wrong = (await attempt(user.username, 'wrong')).answer;
    assert.ok(!wrong.location);
    assertSame((await attempt('nobody-knows-me', 'wrong')).answer, wrong, 'unknown', typed);
    assertSame((await attempt(locked.username, 'wrong')).answer, wrong, 'disabled, wrong password', typed);
    assertSame((await attempt(locked.username, locked.password)).answer, wrong, 'disabled, right password', typed);
    assertSame((await attempt(users.disabled.username, users.disabled.password)).answer, wrong, 'the disabled one of the demo', typed);
});

test('attack 43: the brake comes as soon, and says the same, for a name that nobody has', async (t) => {
    const user = person(t);
    const unknown = `nobody-${Date.now()}`;
    const results = { known: [], unknown: [] };
    for (let i = 0; i < 13; i++) {
        results.known.push((await attempt(user.username, 'wrong')).answer);
        results.unknown.push((await attempt(unknown, 'wrong')).answer);
    }
    // A second may pass between the two.
    const timeless = (answer) => ({ ...answer, headers: { ...answer.headers, 'retry-after': 'soon' } });
    for (let i = 0; i < 13; i++) {
        assertSame(timeless(results.unknown[i]), timeless(results.known[i]), `attempt ${i + 1}`, [user.username, unknown]);
        assert.equal('retry-after' in results.unknown[i].headers, 'retry-after' in results.known[i].headers);
    }
    assert.notEqual(results.known[0].status, results.known[12].status, 'it was braked in the end');
});

test('attack 43: and take the same time', async (t) => {
    const people = Array.from({ length: 4 }, () => person(t));
    const locked = person(t);
    disable(locked);
    const times = { wrong: [], unknown: [], locked: [] };
    for (let i = 0; i < 28; i++) {
        times.wrong.push((await attempt(people[i % 4].username, 'wrong')).ms);
        times.unknown.push((await attempt(`stranger-${i}`, 'wrong')).ms);
        if (i < 9) times.locked.push((await attempt(locked.username, 'wrong')).ms);
    }
    const medians = Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]));
    for (const name of ['unknown', 'locked'])
        assert.ok(Math.abs(medians[name] - medians.wrong) < 4 + 0.5 * medians.wrong, JSON.stringify(medians));
});

test('attack 43: a name that is typed comes back in its field only, and the password never', async () => {
    const password = 'never-to-be-seen-again';
    const { answer } = await attempt('nobody-knows-me', password);
    assert.ok(!answer.text.includes(password));
    assert.equal(answer.formWith('password').fields.password, '');
});
