// Identity numbers at the counter: kept sealed, found, shown to whom the law gives a copy, forgotten; never in a log.
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import test from 'node:test';
import { must, onedoor, onedoorFed } from '../lib/cli.mjs';
import { apps, demo, state } from '../lib/demo.mjs';
import * as ldap from '../lib/ldap.mjs';
import { person } from '../lib/people.mjs';
import { signedIn } from '../lib/signin.mjs';

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

// A number of nobody's: its region does not exist.
function citizenNumber() {
    const digits = `99999919${randomInt(10, 99)}0${randomInt(1, 9)}0${randomInt(1, 9)}${String(randomInt(1000)).padStart(3, '0')}`;
    return digits + '10X98765432'[weights.reduce((sum, w, i) => sum + w * digits[i], 0) % 11];
}

const everyLog = () =>
    fs.readdirSync(path.join(state, 'log')).map((file) => fs.readFileSync(path.join(state, 'log', file), 'utf8')).join('\n');

test('a number is kept, found, copied and forgotten, and stands nowhere in clear', (t) => {
    const user = person(t);
    const number = citizenNumber();
    const set = onedoorFed(`${number.toLowerCase()}\n`, 'account', 'set-number', user.username);
    assert.equal(set.status, 0, set.err);
    assert.match(onedoorFed(number, 'account', 'find-number').out, new RegExp(`^sub=${user.username}$`, 'm'));
    assert.equal(must('account', 'show-number', user.username).trim(), number);
    assert.ok(!ldap.search(`ou=accounts,${demo.registry_base}`, '(onedoorIdentityHash=*)').includes(number));
    must('account', 'forget-number', user.username);
    assert.notEqual(onedoorFed(number, 'account', 'find-number').status, 0);
    assert.notEqual(onedoor('account', 'show-number', user.username).status, 0);
    const log = everyLog();
    for (const event of ['set', 'sought', 'shown', 'forgotten']) assert.match(log, new RegExp(`identity_number_${event}`));
    assert.ok(!log.includes(number));
});

test('what is no number is refused in words that do not repeat it', (t) => {
    const user = person(t);
    for (const number of ['11010519491231002Y', '110105194912310021', '11010519491331002X', '', 'x'.repeat(500)]) {
        const done = onedoorFed(number, 'account', 'set-number', user.username);
        assert.notEqual(done.status, 0, number);
        assert.ok(number === '' || !(done.err + done.out).includes(number), done.err);
        assert.match(done.err, /number|character/);
    }
});

test('one number, one account; a company has its own', (t) => {
    const [one, two] = [person(t), person(t)];
    const number = citizenNumber();
    assert.equal(onedoorFed(number, 'account', 'set-number', one.username).status, 0);
    assert.match(onedoorFed(number, 'account', 'set-number', two.username).err, /another account/);
    must('account', 'forget-number', one.username);
    assert.equal(onedoorFed('91350100M000100Y43', 'account', 'set-number', 'company:c-91350100').status, 0);
    assert.equal(onedoorFed('91350100M000100Y4Z', 'account', 'set-number', 'company:c-91350100').status, 1);
    assert.match(onedoorFed('91350100m000100y43', 'account', 'find-number').out, /^uuid=/m);
    assert.notEqual(onedoorFed('91350100M000100Y43', 'account', 'set-number', two.username).status, 0, 'a person is no company');
    must('account', 'forget-number', 'company:c-91350100');
});

test('an account works without any', async (t) => {
    const user = person(t);
    assert.ok((await signedIn(apps.portal, user)).id_token);
});
