import assert from 'node:assert/strict';
import net from 'node:net';
import test from 'node:test';
import tls from 'node:tls';
import fs from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { authorization, decode } from '../lib/app.mjs';
import { Browser } from '../lib/browser.mjs';
import { apps, demo, state, users } from '../lib/demo.mjs';
import * as ldap from '../lib/ldap.mjs';
import { ownServer } from '../lib/own-server.mjs';
import { person } from '../lib/people.mjs';
import { isSignedOut, signedIn } from '../lib/signin.mjs';
import { sleep } from '../lib/wait.mjs';

const { portal } = apps;

// Guesses come from an address of their own, so that other tests are not braked by them.
let last = 10;
async function attempt(username, password) {
    const browser = new Browser({ source: `127.0.35.${(last = (last % 240) + 1)}` });
    const page = await browser.open(authorization(portal).url);
    const end = await browser.submit(page, { username, password });
    return { end, browser, refused: !end.left && !end.has('otp') && (await isSignedOut(browser)) };
}

async function listener(t, onSocket) {
    const server = net.createServer(onSocket).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    t.after(() => server.close());
    return server.address().port;
}

test('attack 35: an empty password, or one with NUL in it, is refused', async (t) => {
    const user = person(t);
    for (const password of ['', '\u0000', `\u0000${user.password}`, `${user.password}\u0000`, `${user.password}\u0000x`])
        assert.ok((await attempt(user.username, password)).refused, JSON.stringify(password));
    assert.ok((await attempt(user.username, user.password)).end.left);
});

test('attack 36: usernames that mean something to LDAP', async (t) => {
    const user = person(t);
    const name = user.username;
    const tricks = ['*', `${name}*`, `*${name.slice(3)}`, '*)(uid=*', `${name})(uid=*`, `${name})(|(uid=*`, `*)(objectClass=*))(&(uid=${name}`, `${name}\\2a`, `${name}\\`, `${name}\u0000`,
        `uid=${name}`, user.dn, `${name},ou=citizens`, `${name}+cn=x`, `"${name}"`, `<${name}>`, `${name};x`, `#${name}`, ` ${name}`, `${name} `, `${name}\t`, `(${name})`, `|(uid=${name}`, '&', '!', '\\00', '%2a'];
    for (const trick of tricks) assert.ok((await attempt(trick, user.password)).refused, JSON.stringify(trick));
});

test('attack 36: strange names are only names where they are somebody\'s', async (t) => {
    for (const uid of ['comma, and = plus+', 'quo"te', 'back\\slash', 'hash#tag', '星*号', '(paren)', 'semi;colon', '<angle>']) {
        const cn = `strange-${Math.random().toString(36).slice(2)}`;
        const user = person(t, { uid, cn, dn: `cn=${cn},ou=citizens,${demo.people_base}` });
        assert.ok((await attempt(uid, user.password)).end.left, uid);
    }
});

test('attack 36: two matches are refused, with either password', async (t) => {
    const shared = `twin-${Date.now()}@city.example`;
    const [one, two] = [person(t, { mail: shared }), person(t, { mail: shared })];
    assert.ok((await attempt(shared, one.password)).refused);
    assert.ok((await attempt(shared, two.password)).refused);
    assert.ok((await attempt(one.username, one.password)).end.left, 'by an unambiguous name it works');
});

test('attack 36: an account without a password has none to sign in with', async (t) => {
    const user = person(t);
    ldap.replace(user.dn, 'userPassword', []);
    for (const password of ['', 'x', user.password]) assert.ok((await attempt(user.username, password)).refused);
});

test('attack 37: referrals are not followed', async (t) => {
    let contacts = 0;
    const port = await listener(t, (socket) => (contacts += 1) && socket.destroy());
    const dn = `cn=away-${Date.now()},ou=citizens,${demo.people_base}`;
    ldap.add(dn, { objectClass: ['referral', 'extensibleObject'], cn: dn.slice(3, dn.indexOf(',')), ref: `ldap://127.0.0.1:${port}/${demo.people_base}` });
    t.after(() => ldap.remove(dn));
    assert.ok((await attempt('somebody-over-there', 'x')).refused);
    const user = person(t);
    assert.ok((await attempt(user.username, 'wrong')).refused);
    assert.ok((await attempt(user.username, user.password)).end.left, 'people here still sign in');
    await sleep(300);
    assert.equal(contacts, 0);
});

test('attack 37: many people at once: nobody is ever taken for another', async (t) => {
    const people = Array.from({ length: 8 }, () => person(t));
    const all = await Promise.all(people.flatMap((user, i) => [
        signedIn(portal, user, { source: `127.0.37.${i + 1}` }).then((tokens) => decode(tokens.id_token).payload.sub === user.username),
        attempt(user.username, people[(i + 1) % people.length].password).then((a) => a.refused),
    ]));
    assert.ok(all.every(Boolean), all.join());
});

test('attack 38: a directory with a wrong certificate never gets a password', async (t) => {
    const folder = fs.mkdtempSync(path.join(state, 'wrong-'));
    t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
    spawnSync('openssl', ['req', '-x509', '-nodes', '-newkey', 'rsa:2048', '-days', '1', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1',
        '-keyout', `${folder}/k.pem`, '-out', `${folder}/c.pem`]);
    let told = 0;
    let handshakes = 0;
    const server = tls.createServer({ key: fs.readFileSync(`${folder}/k.pem`), cert: fs.readFileSync(`${folder}/c.pem`) }, (socket) =>
        socket.on('data', (data) => (told += data.length)).on('error', () => {}));
    server.on('tlsClientError', () => (handshakes += 1));
    server.on('secureConnection', () => (handshakes += 1));
    server.listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    t.after(() => server.close());
    const uri = `ldaps://localhost:${server.address().port}`;
    const own = await ownServer(t, { 'directory.uris': uri, 'directory.ca_file': path.join(state, 'tls/ca.pem') }, { wait: false });
    await sleep(3000);
    assert.ok(handshakes > 0, `it tried: ${own.log()}`);
    assert.equal(told, 0, 'nothing was said over that connection');
});

test('attack 38: StartTLS that is refused or answered in clear is no way around', async (t) => {
    const heard = [];
    const port = await listener(t, (socket) => {
        socket.on('error', () => {});
        socket.on('data', (data) => {
            heard.push(data);
            const id = data[4] ?? 1;
            socket.write(Buffer.from([0x30, 0x0c, 0x02, 0x01, id, 0x78, 0x07, 0x0a, 0x01, 0x02, 0x04, 0x00, 0x04, 0x00]));
        });
    });
    await ownServer(t, { 'directory.uris': `ldap://127.0.0.1:${port}`, 'directory.start_tls': 'yes' }, { wait: false });
    await sleep(3000);
    assert.ok(heard.length > 0, 'it tried');
    const password = fs.readFileSync(path.join(state, 'slapd/service.password'), 'utf8').trim();
    assert.ok(!Buffer.concat(heard).includes(password));
});

test('attack 39: other spellings of a name are the same account or a refusal', async (t) => {
    const user = person(t, { uid: `john-${Date.now()}` });
    const subs = new Set();
    for (const name of [user.username, user.username.toUpperCase(), user.username.replace('john', 'ｊｏｈｎ'), user.username.replace('o', 'o\u0301'), user.username.replace('j', 'j\u200b'),
        `${user.username}\u200d`, user.username.replace('o', '\u043e'), `\ufeff${user.username}`, `${user.username}\u00ad`]) {
        const { end, refused } = await attempt(name, user.password);
        assert.ok(end.left || refused, JSON.stringify(name));
        if (!end.left) continue;
        const tokens = await signedIn(portal, { ...user, username: name }, { source: '127.0.39.1' });
        subs.add(decode(tokens.id_token).payload.sub);
    }
    assert.deepEqual([...subs], [user.username]);
});

test('attack 39: guesses at one account count together, however it is spelt', async (t) => {
    const user = person(t, { mail: `spelt-${Date.now()}@city.example` });
    const spellings = [user.username, user.username.toUpperCase(), user.mail, user.username.replace('t-', 'T-')];
    for (let i = 0; i < 12; i++) await attempt(spellings[i % spellings.length], 'wrong');
    const { refused } = await attempt(user.username, user.password);
    assert.ok(refused, 'braked by now');
    assert.ok((await signedIn(portal, users.citizen)).id_token, 'others are not');
});
