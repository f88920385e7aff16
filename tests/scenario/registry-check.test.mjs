// What is wrong in the registry is named with what would be right, and takes nothing else down.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import test from 'node:test';
import { addApp, must, onedoor } from '../lib/cli.mjs';
import { demo } from '../lib/demo.mjs';
import { add, removeTree } from '../lib/ldap.mjs';

const rolesBase = `ou=roles,${demo.registry_base}`;
const staffDn = (who) => `uid=${demo.users[who].username},ou=staff,${demo.people_base}`;

// An application with a branch for its roles, gone with the test.
async function appWithRoles(t) {
    const app = await addApp(t, {
        'redirect-uri': 'https://check.example/cb', permission: ['case:read', 'case:approve'],
    }, 'check');
    const branch = `ou=${app.client_id},${rolesBase}`;
    add(branch, { objectClass: 'organizationalUnit', ou: app.client_id });
    t.after(() => removeTree(branch));
    return { id: app.client_id, branch };
}

const addRole = (app, name, more) =>
    add(`cn=${name},${app.branch}`, { objectClass: 'onedoorRole', cn: name, onedoorClientId: app.id, ...more });

// What `registry check` prints of one entry.
function saidOf(dn) {
    const { status, out } = onedoor('registry', 'check');
    const lines = out.split('\n');
    return { status, out, said: lines.filter((line, i) => lines[i - 1] === dn).join('\n') };
}

test('a role with a permission that its application does not declare is named; the rest of it counts', async (t) => {
    const app = await appWithRoles(t);
    addRole(app, 'reader', { onedoorPermission: ['case:read', 'case:burn'], member: staffDn('staff'), onedoorDataScope: 'all' });
    const { status, said } = saidOf(`cn=reader,${app.branch}`);
    assert.equal(status, 1);
    assert.match(said, /declares no "case:burn"; it is left out; accepted: what its own onedoorPermission names/);
    assert.match(must('explain', demo.users.staff.username, app.id, 'case:read'), /ALLOWED/i);
});

test('somebody who holds two roles that exclude each other is named', async (t) => {
    const app = await appWithRoles(t);
    addRole(app, 'clerk', { onedoorPermission: 'case:read', member: staffDn('staff') });
    addRole(app, 'approver', { onedoorPermission: 'case:approve', member: staffDn('staff'), onedoorExcludes: 'clerk' });
    const { status, said } = saidOf(staffDn('staff'));
    assert.equal(status, 1);
    assert.match(said, new RegExp(`${app.id}/approver and ${app.id}/clerk, which exclude each other`));
});

test('a holder who is nobody is noted', async (t) => {
    const app = await appWithRoles(t);
    const nobody = `uid=s-${randomBytes(4).toString('hex')},ou=staff,${demo.people_base}`;
    addRole(app, 'clerk', { onedoorPermission: 'case:read', member: nobody });
    assert.match(saidOf(nobody).said, /note: holds .*there is no such person, group or organisation/);
});

test('an assignment with an unknown scope grants nothing and is named', async (t) => {
    const app = await appWithRoles(t);
    addRole(app, 'clerk', { onedoorPermission: 'case:read' });
    const dn = `cn=some,cn=clerk,${app.branch}`;
    add(dn, { objectClass: 'onedoorAssignment', cn: 'some', member: staffDn('staff'), onedoorDataScope: 'everything' });
    assert.match(saidOf(dn).said, /"everything" is no scope; accepted: self, department,/);
    assert.notEqual(onedoor('explain', demo.users.staff.username, app.id, 'case:read').status, 0);
});
