// The directory, changed by OpenLDAP's own tools with the administrator of demo.json.
import { spawnSync } from 'node:child_process';
import { demo } from './demo.mjs';

const { uri, admin_dn, admin_password } = demo.ldap;
const login = ['-x', '-H', uri, '-D', admin_dn, '-w', admin_password];

export function run(tool, args, input) {
    const done = spawnSync(tool, [...login, ...args], { input, encoding: 'utf8', timeout: 20000 });
    if (done.status !== 0) throw new Error(`${tool}: ${done.status} ${done.stderr}\n${input ?? args.join(' ')}`);
    return done.stdout;
}

const encoded = (name, value) =>
    /^[\x21-\x39\x3b\x3d-\x7e][\x20-\x7e]*$/.test(value) && !value.endsWith(' ')
        ? `${name}: ${value}`
        : `${name}:: ${Buffer.from(value).toString('base64')}`;

const lines = (attributes) =>
    Object.entries(attributes)
        .filter(([, values]) => values !== undefined)
        .flatMap(([name, values]) => [values].flat().map((value) => encoded(name, value)));

// Option -M: entries that are referrals are written as what they are.
export const add = (dn, attributes) => run('ldapadd', ['-M'], [encoded('dn', dn), ...lines(attributes), ''].join('\n'));

export const replace = (dn, name, values) =>
    run('ldapmodify', [], [encoded('dn', dn), 'changetype: modify', `replace: ${name}`, ...lines({ [name]: values }), ''].join('\n'));

export const remove = (dn) => run('ldapdelete', ['-M', dn]);

// With everything below it.
export const removeTree = (dn) => run('ldapdelete', ['-M', '-r', dn]);

export const dnOf = (filter, base = demo.people_base) =>
    /^dn: (.*)$/m.exec(run('ldapsearch', ['-LLL', '-o', 'ldif_wrap=no', '-b', base, filter, 'dn']))?.[1];

export const search = (base, filter, ...attributes) =>
    run('ldapsearch', ['-LLL', '-o', 'ldif_wrap=no', '-b', base, filter, ...attributes]);

// One change of one attribute: how is `add`, `delete` or `replace`.
export const change = (dn, how, name, values) =>
    run('ldapmodify', [], [encoded('dn', dn), 'changetype: modify', `${how}: ${name}`, ...lines({ [name]: values }), ''].join('\n'));
