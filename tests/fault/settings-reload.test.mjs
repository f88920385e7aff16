// SIGHUP reads the settings anew: bad ones are refused, and the old ones stay.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';
import { authorization } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { apps, users } from '../lib/demo.mjs';
import { get } from '../lib/http.mjs';
import { changedSettings, ownServer } from '../lib/own-server.mjs';
import { signedIn } from '../lib/signin.mjs';
import { sleep, until } from '../lib/wait.mjs';

const { portal } = apps;

async function reload(server, changes) {
    fs.writeFileSync(server.config, changedSettings(changes, fs.readFileSync(server.config, 'utf8')));
    server.child.kill('SIGHUP');
}

const place = async (server) => (await new Browser({ via: server.via }).open(authorization(portal).url)).visible;

test('bad settings are refused; the log names file, line and what is accepted; the old ones stay', async (t) => {
    const server = await ownServer(t);
    const { browser } = await signedIn(portal, users.citizen, { via: server.via });
    for (const changes of [{ 'server.queue': 'many' }, { 'tokens.code': '1' }, { 'server.colour': 'blue' }, { 'redis.address': undefined }, { 'server.master_key_file': '/nowhere' }]) {
        const before = server.log().length;
        const good = fs.readFileSync(server.config, 'utf8');
        await reload(server, changes);
        const told = await until(`the log tells of ${Object.keys(changes)}`, () => /refused|not_/.test(server.log().slice(before)) && server.log().slice(before));
        if (!changes['server.master_key_file']) {
            assert.match(told, /own\.conf:\d+/);
            assert.match(told, /accept|must be/);
        }
        await sleep(300);
        assert.equal((await get('/jwks', { via: server.via })).status, 200, 'it still serves');
        assert.ok((await browser.open(authorization(portal).url)).left, 'with its sessions');
        fs.writeFileSync(server.config, good);
    }
    assert.equal(server.child.exitCode, null);
});

test('good settings take effect, without a new start', async (t) => {
    const server = await ownServer(t);
    assert.match(await place(server), /Sample City/);
    const { browser } = await signedIn(portal, users.citizen, { via: server.via });
    await reload(server, { 'pages.place_name': 'Renamed County' });
    await until('the new name is shown', async () => /Renamed County/.test(await place(server)), { within: 8000, every: 200 });
    assert.ok((await browser.open(authorization(portal).url)).left, 'people stay signed in');
    assert.equal(server.child.exitCode, null);
});

test('an audit log that was moved away is opened anew', async (t) => {
    const server = await ownServer(t);
    await signedIn(portal, users.citizen, { via: server.via });
    fs.renameSync(server.audit, `${server.audit}.1`);
    server.child.kill('SIGHUP');
    await until('there is a new file', () => fs.existsSync(server.audit), { within: 8000 });
    // The new file is there a little before those who write into it take over.
    await until('a sign-in stands in the new file', async () => {
        await signedIn(portal, users.citizen, { via: server.via });
        return fs.readFileSync(server.audit, 'utf8').includes('"sign_in"');
    }, { within: 8000 });
});

test('many reloads in a row leave a server that works', async (t) => {
    const server = await ownServer(t);
    for (let i = 0; i < 10; i++) {
        server.child.kill('SIGHUP');
        await sleep(50);
    }
    await sleep(1000);
    await until('people sign in', () => signedIn(portal, users.citizen, { via: server.via }), { within: 15000, every: 200 });
});
