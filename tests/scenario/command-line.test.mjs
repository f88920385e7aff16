// The program's own words.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'node:test';
import { config } from '../lib/cli.mjs';
import { binary } from '../lib/demo.mjs';
import { changedSettings, ownServer } from '../lib/own-server.mjs';

const run = (...args) => spawnSync(binary, args, { encoding: 'utf8' });

function check(text) {
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'onedoor-')), 'a.conf');
    fs.writeFileSync(file, text, { mode: 0o600 });
    const done = run('--config', file, 'check-config');
    fs.rmSync(path.dirname(file), { recursive: true });
    return { ...done, file };
}

test('help names every command, and each command has help of its own', () => {
    const { stdout, status } = run('--help');
    assert.equal(status, 0);
    const commands = [...stdout.matchAll(/^  ([a-z][\w-]+) +\w/gm)].map((m) => m[1]).filter((c) => c !== 'help');
    assert.ok(commands.length >= 8, stdout);
    for (const command of commands) assert.match(run('help', command).stdout, /usage:/, command);
    assert.match(run('--version').stdout, /^onedoor \d/);
});

test('check-config: the demo\'s settings are good', () => {
    assert.equal(run('--config', config, 'check-config').status, 0);
});

test('check-config: every error names file, line, setting and what is accepted', () => {
    const cases = {
        'server.colour': 'blue', 'server.listen': 'everywhere', 'server.log_level': 'loud', 'directory.start_tls': 'maybe',
        'tokens.access_token': '3 parsecs', 'server.issuer': 'https://x.example/with/path', 'redis.database': '-1',
        'sign_in.account_failures': '99999999999999999999', 'server.queue': '0x10', 'admin.second_person': 'everything', 'admin.waiting': 'long',
    };
    for (const [name, value] of Object.entries(cases)) {
        const done = check(changedSettings({ [name]: value }));
        assert.notEqual(done.status, 0, name);
        const line = new RegExp(`${done.file.replace(/[.]/g, '\\.')}:\\d+: .*${name.split('.')[1]}`);
        assert.match(done.stderr, line, name);
        assert.match(done.stderr, /accept|must be/, name);
    }
});

test('check-config: what has no effect any more is told, and the rest is good', () => {
    const done = check(changedSettings({ 'redis.connections': '16' }));
    assert.equal(done.status, 0, done.stderr);
    assert.match(done.stderr, /a\.conf:\d+: \[redis\] connections: has no effect any more/);
    assert.doesNotMatch(run('check-config', '--reference').stdout, /\[redis\][^[]*connections/);
});

test('a server with a setting that has no effect any more warns once, and runs', async (t) => {
    const server = await ownServer(t, { 'redis.connections': '16' });
    assert.equal(server.log().match(/level=warn event=settings\.no_effect .*\[redis\] connections/g)?.length, 1);
});

test('check-config: what must be given and is not, is named', () => {
    const done = check(changedSettings({ 'server.issuer': undefined }));
    assert.notEqual(done.status, 0);
    assert.match(done.stderr, /issuer.*missing/);
});

test('check-config: a secret is never repeated in an error', () => {
    const done = check(changedSettings({ 'redis.password': '${file:/nowhere/at/all}', 'directory.bind_password': 'sesame-open' }));
    assert.notEqual(done.status, 0);
    assert.ok(!(done.stderr + done.stdout).includes('sesame-open'));
});

test('--reference prints settings that are themselves accepted', () => {
    const { stdout } = run('check-config', '--reference');
    for (const name of ['issuer', 'listen_tls', 'uris', 'address', 'session_idle', 'help_phone'])
        assert.match(stdout, new RegExp(`^(# )?${name} =`, 'm'), name);
});

test('a master key is made once, for its owner only, and never overwritten', () => {
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'onedoor-')), 'master.key');
    assert.equal(run('make-master-key', file).status, 0);
    assert.equal(fs.statSync(file).mode & 0o777, 0o600);
    const made = fs.readFileSync(file);
    assert.notEqual(run('make-master-key', file).status, 0);
    assert.deepEqual(fs.readFileSync(file), made);
    fs.rmSync(path.dirname(file), { recursive: true });
});

test('what is not a command is said to be none', () => {
    for (const args of [['dance'], [], ['help', 'dance'], ['app', 'explode'], ['keys']]) {
        const done = run('--config', config, ...args);
        assert.notEqual(done.status, 0, args.join(' '));
        assert.ok(done.stderr.length > 0, args.join(' '));
    }
});
