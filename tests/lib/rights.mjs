// Roles, holders and resources for one test, added to the directory as an administrator would; and questions to the
// decision point.
import { randomBytes } from 'node:crypto';
import { addApp, must } from './cli.mjs';
import { demo, issuer } from './demo.mjs';
import { basic, request } from './http.mjs';
import * as ldap from './ldap.mjs';
import { until } from './wait.mjs';

const registry = demo.registry_base;
export const unique = (prefix = 't') => `${prefix}-${randomBytes(4).toString('hex')}`;

// An application that declares permissions, with an empty branch for its roles.
export async function application(t, { permissions, types = [], trusted = false, ...settings }) {
    const app = await addApp(t, {
        method: 'client_secret_basic',
        grant: 'client_credentials',
        permission: permissions,
        'resource-type': types,
        'trusted-properties': trusted ? 'TRUE' : 'FALSE',
        ...settings,
    });
    branch(t, `ou=${app.client_id},ou=roles,${registry}`);
    return app;
}

// An organizational unit that is gone, with all that was put below it, when the test ends.
export function branch(t, dn) {
    ldap.add(dn, { objectClass: 'organizationalUnit', ou: /^ou=([^,]+)/.exec(dn)[1] });
    t.after(() => ldap.removeTree(dn));
    return dn;
}

const roleDn = (app, name) => `cn=${name},ou=${app.client_id},ou=roles,${registry}`;

// Attributes as the schema names them: { onedoorPermission: […], member: […], onedoorDataScope, … }.
export function role(app, name, attributes) {
    ldap.add(roleDn(app, name), { objectClass: 'onedoorRole', cn: name, onedoorClientId: app.client_id, ...attributes });
    return roleDn(app, name);
}

export function assignment(app, of, name, member, attributes = {}) {
    const dn = `cn=${name},${roleDn(app, of)}`;
    ldap.add(dn, { objectClass: 'onedoorAssignment', cn: name, member, ...attributes });
    return dn;
}

// Resources of one type: { id: { owner, organisation } }. So many gone at once would not be believed.
export function resources(t, app, type, items) {
    const top = branch(t, `ou=${app.client_id},ou=resources,${registry}`);
    t.after(() => must('registry', 'accept-loss'));
    const below = `ou=${type},${top}`;
    ldap.add(below, { objectClass: 'organizationalUnit', ou: type });
    for (const [id, { owner, organisation }] of Object.entries(items))
        ldap.add(`cn=${id},${below}`, {
            objectClass: 'onedoorResourceItem',
            cn: id,
            onedoorClientId: app.client_id,
            onedoorResourceType: type,
            onedoorOwner: owner,
            onedoorOrganisation: organisation,
        });
    return below;
}

export function group(t, members, name = unique('g')) {
    const dn = `cn=${name},ou=groups,${demo.people_base}`;
    ldap.add(dn, { objectClass: 'groupOfNames', cn: name, member: members });
    t.after(() => ldap.remove(dn));
    return dn;
}

// A division with departments: { path, dn, departments: { name: path } }.
export function division(t, names) {
    const path = unique('d');
    const dn = branch(t, `ou=${path},ou=orgs,${demo.people_base}`);
    for (const name of names) ldap.add(`ou=${name},${dn}`, { objectClass: 'organizationalUnit', ou: name });
    return { path, dn, departments: Object.fromEntries(names.map((name) => [name, `${path}/${name}`])) };
}

// A post of JSON as the application; { headers, via, authorization, text } change it.
export const ask = (app, path, body, { headers, authorization, via, text } = {}) =>
    request(new URL(`/access/v1/${path}`, issuer), {
        method: 'POST',
        via,
        headers: {
            'content-type': 'application/json',
            ...(authorization === null ? {} : { authorization: authorization ?? basic(app.client_id, app.client_secret) }),
            ...headers,
        },
        body: text ?? JSON.stringify(body),
    });

export const question = (sub, action, type, id, properties) => ({
    subject: { type: 'user', id: sub },
    action: { name: action },
    resource: { type, id, ...(properties && { properties }) },
});

export async function answered(app, path, body, options) {
    const answer = await ask(app, path, body, options);
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${answer.text}\n${JSON.stringify(body)}`);
    return answer.json();
}

export const decided = (app, body, options) => answered(app, 'evaluation', body, options);
export const allowed = async (app, body, options) => (await decided(app, body, options)).decision;
// The code of a denial's rule, P-00 for none.
export const ruleOf = (answer) => (answer.decision ? 'P-00' : answer.context.reason_admin['403'].slice(0, 4));

// Waits until the servers have seen what was just written to the directory.
export async function settled(app, body, rule = 'P-00') {
    for (const via of [demo.plain_url, demo.twin_plain_url].filter(Boolean))
        await until(`${rule} for ${JSON.stringify(body)} at ${via}`, async () => {
            const told = ruleOf(await decided(app, body, { via }));
            if (told !== rule) throw new Error(told);
            return true;
        }, { within: 10000 });
}
