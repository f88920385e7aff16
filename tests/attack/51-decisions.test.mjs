// The decision point under hostile requests: whatever is sent, there is one clean answer, and never a yes by confusion.
import assert from 'node:assert/strict';
import test from 'node:test';
import { demo } from '../lib/demo.mjs';
import { basic } from '../lib/http.mjs';
import { person } from '../lib/people.mjs';
import { exchange, head } from '../lib/raw.mjs';
import { allowed, application, ask, answered, question, role, settled } from '../lib/rights.mjs';

const paths = ['evaluation', 'evaluations', 'search/subject', 'search/resource', 'search/action'];

test('attack 51: hostile JSON', async (t) => {
    const who = person(t);
    const app = await application(t, { permissions: ['case:read'], trusted: true });
    role(app, 'reader', { onedoorPermission: 'case:read', member: who.dn, onedoorDataScope: 'all' });
    const body = question(who.username, 'read', 'case', '1');
    await settled(app, body);
    const good = JSON.stringify(body);
    const subject = JSON.stringify(body.subject);
    const nested = (n) => `{"context":${'{"a":'.repeat(n)}1${'}'.repeat(n)},${good.slice(1)}`;

    await t.test('what is no single, plain, shallow object is 400, at every endpoint', async () => {
        const texts = {
            empty: '', spaces: '   ', number: '1', string: '"x"', array: `[${good}]`, null: 'null', broken: good.slice(0, -1),
            'two objects': good + good, 'a comma behind': `${good.slice(0, -1)},}`, comment: `/* x */${good}`, 'single quotes': good.replaceAll('"', "'"),
            'a name twice': `{"subject":${subject},${good.slice(1)}`,
            'a name twice, once escaped': `{"\\u0073ubject":${subject},${good.slice(1)}`,
            'an inner name twice': good.replace('"type":"user"', '"type":"robot","type":"user"'),
            'too deep': nested(16), 'far too deep': `${'['.repeat(8000)}`, 'depth by objects': '{"a":'.repeat(3000),
            'a NUL': good.replace('case', 'ca\\u0000se'), 'a lone surrogate': good.replace('case', '\\ud800'), 'a huge number': `{"n":1e999,${good.slice(1)}`,
            NaN: `{"n":NaN,${good.slice(1)}`, 'a byte order mark': `\ufeff${good}`,
        };
        for (const path of paths)
            for (const [name, text] of Object.entries(texts)) {
                const answer = await ask(app, path, null, { text });
                assert.equal(answer.status, 400, `${path}, ${name}: ${answer.status} ${answer.text}`);
                assert.equal(answer.json().error, 'invalid_request', name);
            }
        assert.equal((await ask(app, 'evaluation', null, { text: nested(14) })).status, 200, 'as deep as is allowed');
    });

    await t.test('bytes that are no UTF-8', async () => {
        for (const bytes of [[0xff], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80]]) {
            const text = Buffer.concat([Buffer.from(good.slice(0, -1)), Buffer.from(',"x":"'), Buffer.from(bytes), Buffer.from('"}')]);
            assert.equal((await ask(app, 'evaluation', null, { text })).status, 400);
        }
    });

    await t.test('too large is refused before it is read', async () => {
        const large = { evaluation: 16, evaluations: 128, 'search/subject': 16 };
        for (const [path, kilobytes] of Object.entries(large)) {
            const text = `{"pad":"${'x'.repeat(kilobytes * 1024)}",${good.slice(1)}`;
            assert.equal((await ask(app, path, null, { text })).status, 413, path);
        }
        const text = `{"evaluations":[${'{},'.repeat(40000)}{}]}`;
        assert.equal((await ask(app, 'evaluations', null, { text })).status, 400);
    });

    await t.test('nothing is parsed for somebody who is not known', async () => {
        for (const text of [good, '{', `{"pad":"${'x'.repeat(10000)}"}`])
            assert.equal((await ask(app, 'evaluation', null, { text, authorization: basic(app.client_id, 'wrong') })).status, 401);
    });

    await t.test('names that mean something elsewhere mean nothing here', async () => {
        for (const id of ['*', '(uid=*)', `${who.username})(uid=*`, `${who.username}\\2a`, `${who.username} `, who.username.toUpperCase(), 'uid=x,ou=staff', '../..', '__proto__', '\u202e', '']) {
            const asked = question(id, 'read', 'case', '1');
            const answer = await ask(app, 'evaluation', asked);
            if (id === '') assert.equal(answer.status, 400);
            else assert.equal(answer.json().decision, false, id);
        }
        for (const action of ['*', 'read ', 'READ', 'case:read', 'read\n', '..', '__proto__'])
            assert.equal(await allowed(app, question(who.username, action, 'case', '1')), false, action);
        for (const type of ['*', 'Case', 'case:read', 'ca', 'case/', 'onedoor']) assert.equal(await allowed(app, question(who.username, 'read', type, '1')), false, type);
        assert.equal(await allowed(app, question(who.username, 'read', 'case', '*)(cn=*')), true, 'an id is nothing but an id');
    });

    await t.test('what is told back is JSON, whatever was sent', async () => {
        const odd = '"}],"decision":true,"x":["\\\u0001\u2028</script>';
        const answer = await answered(app, 'evaluation', question(odd, odd, odd, odd));
        assert.equal(answer.decision, false);
        const found = await answered(app, 'search/subject', { ...body, subject: { type: 'user' }, resource: { type: 'case', id: odd } });
        assert.deepEqual(found.results, [{ type: 'user', id: who.username }]);
        const many = await answered(app, 'evaluations', { ...body, evaluations: [{ subject: { type: odd } }, { action: { name: odd } }] });
        assert.deepEqual(many.evaluations.map((e) => e.decision), [false, false]);
    });

    await t.test('a name of the request that would split the answer does not come back', async () => {
        const authorization = basic(app.client_id, app.client_secret);
        for (const id of ['a\r\nX-Evil: 1', 'x'.repeat(200), '\xff\xfe']) {
            const bytes = head('POST /access/v1/evaluation HTTP/1.1', 'Host: localhost:8443', `Authorization: ${authorization}`,
                'Content-Type: application/json', `Content-Length: ${Buffer.byteLength(good)}`, `X-Request-ID: ${id}`) + good;
            const { text } = await exchange(Buffer.from(bytes, 'latin1'));
            assert.doesNotMatch(text, /^X-Evil/m);
            assert.ok(!text.includes(id), 'our own instead');
        }
    });

    await t.test('a page that was made up begins nowhere else than in the caller\'s own list', async () => {
        const search = { ...body, subject: { type: 'user' } };
        const made = (content) => Buffer.from(`${'A'.repeat(16)}${content}`).toString('base64url');
        for (const token of [made('1 o330102/D0412 s-1'), made('999999 p'), made(''), 'x'.repeat(5000), '====', '\u0000'])
            assert.equal((await ask(app, 'search/subject', { ...search, page: { token } })).status, 400, token.slice(0, 40));
        for (const limit of [-1, 1e300, 0.5, '1', null, true, [], 2 ** 53]) {
            const answer = await ask(app, 'search/subject', { ...search, page: { limit } });
            assert.equal(answer.status, limit === null || limit === 2 ** 53 ? 200 : 400, String(limit));
        }
    });
    assert.equal(await allowed(app, body, { via: demo.plain_url }), true, 'after all that');
});
