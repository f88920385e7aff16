// The server ends, or reads its settings anew, while everybody in it waits for a store that is silent.
import assert from 'node:assert/strict';
import test from 'node:test';
import { authenticated, authorization } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { apps } from '../lib/demo.mjs';
import { get } from '../lib/http.mjs';
import { ownServer } from '../lib/own-server.mjs';
import { person } from '../lib/people.mjs';
import { frozen, healthy } from '../lib/processes.mjs';
import { sleep, until } from '../lib/wait.mjs';

const { portal, service } = apps;

async function door(t, via, i) {
    const user = person(t);
    const browser = new Browser({ via, source: `127.9.3.${i + 1}` });
    return { browser, user, page: await browser.open(authorization(portal).url) };
}

const knock = ({ browser, page, user }) => browser.post(page, { username: user.username, password: user.password });
const token = (via) => authenticated('/token', service, { grant_type: 'client_credentials' }, { via });

// Those that have not come in by then find the door closed.
function waiting(server, doors) {
    const answers = [...doors.map(knock), ...Array.from({ length: 100 }, () => token(server.via))];
    return Promise.all(answers.map((answer) => answer.catch(() => ({ status: 'closed' }))));
}

function assertTold(answers) {
    for (const { status } of answers) assert.ok([200, 503, 'closed'].includes(status), `${status}`);
    assert.ok(answers.some(({ status }) => status === 503), 'nobody waited');
}

for (const store of ['slapd', 'redis']) {
    test(`SIGTERM while ${store} is silent: whoever waits is told, and the server ends`, async (t) => {
        await healthy();
        const server = await ownServer(t);
        const doors = await Promise.all(Array.from({ length: 20 }, (_, i) => door(t, server.via, i)));
        await frozen(store, async () => {
            const answers = waiting(server, doors);
            await sleep(300);
            server.child.kill('SIGTERM');
            assertTold(await answers);
            assert.equal(await server.exited, 0, server.log());
        });
    });
}

test('SIGHUP while slapd is silent: whoever waits is told, and the server goes on', async (t) => {
    await healthy();
    const server = await ownServer(t);
    const doors = await Promise.all(Array.from({ length: 20 }, (_, i) => door(t, server.via, i)));
    await frozen('slapd', async () => {
        const answers = waiting(server, doors);
        await sleep(300);
        server.child.kill('SIGHUP');
        assertTold(await answers);
    });
    await until('it serves', async () => (await get('/jwks', { via: server.via })).status === 200);
});
