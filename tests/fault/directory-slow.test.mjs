// The directory answers, but slowly: whoever is let in gets a sign-in out of it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { authorization } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { apps } from '../lib/demo.mjs';
import { ownServer } from '../lib/own-server.mjs';
import { healthy } from '../lib/processes.mjs';
import { person } from '../lib/people.mjs';
import { signInAt } from '../lib/signin.mjs';
import { slowDirectory } from '../lib/slow-directory.mjs';

const { portal } = apps;

test('many sign in at a slow directory: nobody is kept until it is too late for all', async (t) => {
    await healthy();
    const people = Array.from({ length: 60 }, () => person(t));
    const slow = await slowDirectory(t, 400);
    const server = await ownServer(t, { 'directory.uris': slow.uri, 'server.io_threads': '2' });
    const doors = await Promise.all(Array.from({ length: 60 }, async (_, i) => {
        const browser = new Browser({ via: server.via, source: `127.9.1.${i + 1}` });
        return { browser, user: people[i], page: await browser.open(authorization(portal).url) };
    }));
    const answers = await Promise.all(doors.map(({ browser, page, user }) => signInAt(browser, page, user)));
    const refused = answers.filter((a) => !a.left);
    for (const answer of refused) assert.equal(answer.status, 503, answer.visible);
    assert.ok(answers.length - refused.length >= 8, `${refused.length} of ${answers.length} were refused`);
});
