// The C client library as an application gets it: built alone, installed, found by pkg-config.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { demo, issuer, root } from './demo.mjs';

const sanitize = 'address,undefined';

export function run(command, args, options) {
    const done = spawnSync(command, args, { encoding: 'utf8', ...options });
    if (done.status !== 0) throw new Error(`${command} ${args.join(' ')}: ${done.error ?? ''}${done.stdout}${done.stderr}`);
    return done.stdout;
}

// Builds with sanitizers and installs into a folder of its own; gives that folder.
export function installLibrary() {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'onedoor-library-'));
    const [build, prefix] = [path.join(folder, 'build'), path.join(folder, 'prefix')];
    run('cmake', ['-S', path.join(root, 'clients/c'), '-B', build, '-DCMAKE_BUILD_TYPE=Debug', '-DONEDOOR_WERROR=ON',
        `-DONEDOOR_SANITIZE=${sanitize}`, `-DCMAKE_INSTALL_PREFIX=${prefix}`, '-DCMAKE_INSTALL_LIBDIR=lib']);
    run('cmake', ['--build', build, '--parallel', '2']);
    run('cmake', ['--install', build]);
    return { folder, prefix, remove: () => fs.rmSync(folder, { recursive: true, force: true }) };
}

// Compiles an example against what was installed; gives the program.
export function compileExample(library, name) {
    const env = { ...process.env, PKG_CONFIG_PATH: path.join(library.prefix, 'lib/pkgconfig') };
    const flags = run('pkg-config', ['--cflags', '--libs', 'onedoor-client'], { env }).trim().split(/\s+/);
    const program = path.join(library.folder, name);
    run('cc', ['-std=gnu11', '-Wall', '-Wextra', '-Werror', `-fsanitize=${sanitize}`, '-fno-sanitize-recover=all',
        path.join(root, `clients/c/examples/${name}.c`), ...flags, '-o', program]);
    return program;
}

/*
 * The gate of the examples, running as the application. ask(line) gives its answer; end() its exit status and what
 * it said, the sanitizers' findings included.
 */
export function gate(t, library, program, app, changes = {}) {
    const child = spawn(program, {
        env: {
            LD_LIBRARY_PATH: path.join(library.prefix, 'lib'),
            ASAN_OPTIONS: 'detect_leaks=1:exitcode=99',
            ONEDOOR_ISSUER: issuer,
            ONEDOOR_CA_FILE: demo.ca_file,
            ONEDOOR_CLIENT_ID: app.client_id,
            ONEDOOR_CLIENT_SECRET: app.client_secret,
            ONEDOOR_AUDIENCE: app.resource ?? app.client_id,
            ...changes,
        },
    });
    let said = '';
    child.stderr.on('data', (data) => (said += data));
    const exited = new Promise((resolve) => child.once('close', (code, why) => resolve(code ?? why)));
    const answers = readline.createInterface(child.stdout)[Symbol.asyncIterator]();
    const end = async () => {
        child.stdin.end();
        return { status: await exited, said };
    };
    t.after(end);
    const ask = async (line) => {
        child.stdin.write(`${line}\n`);
        const { value, done } = await answers.next();
        if (done) throw new Error(`the gate ended: ${said}`);
        return JSON.parse(value);
    };
    return { ask, end, said: () => said };
}
