import assert from 'node:assert/strict';
import { createHmac, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import test from 'node:test';
import { decode, introspect } from '../lib/app.mjs';
import { apps, issuer, users } from '../lib/demo.mjs';
import { get } from '../lib/http.mjs';
import { signedIn } from '../lib/signin.mjs';
import { timed } from '../lib/wait.mjs';

const { portal, resource } = apps;
const { access_token: real } = await signedIn(portal, users.citizen, { redeem: { resource: resource.resource } });
const { access_token: own, id_token } = await signedIn(portal, users.citizen);
const { header, payload } = decode(real);
const jwks = (await get('/jwks')).json().keys;
const ours = jwks.find((key) => key.kid === header.kid);
const evil = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const [h, p, s] = real.split('.');

const part = (value) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const es256 = (input, key = evil.privateKey) => sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
const forge = (head, body = payload, signature = es256) => {
    const input = `${part(head)}.${part(body)}`;
    return `${input}.${typeof signature === 'function' ? signature(input) : signature}`;
};

// What is far over the limit may be cut off while it is still being sent: then the 413 is not always read.
function cutOff(error, token) {
    if (token.length > 100000 && ['ECONNRESET', 'EPIPE'].includes(error.code)) return { status: 413, text: '' };
    throw error;
}

// Each must be refused, in the same words as random bytes, and without delay.
async function refuse(tokens) {
    for (const [name, token] of Object.entries(tokens)) {
        const { ms, value: answer } = await timed(() => introspect(token).catch((error) => cutOff(error, token)));
        assert.ok([200, 400, 413].includes(answer.status), `${name}: ${answer.status} ${answer.text}`);
        if (answer.status === 200) assert.equal(answer.text, '{"active":false}', name);
        assert.ok(ms < 5000, `${name} took ${ms} ms`);
        const headers = { authorization: `Bearer ${token}` };
        if (token.length < 6000 && /^[\x21-\x7e]+$/.test(token)) {
            const status = (await get('/userinfo', { headers })).status;
            assert.ok([400, 401].includes(status), `${name} at userinfo: ${status}`);
        }
    }
    assert.equal((await introspect(real)).json().active, true, 'the real one is untouched');
}

test('attack 24: a kid with a path, of a megabyte, or unknown', () =>
    refuse(Object.fromEntries(['../../../etc/passwd', '/dev/zero', 'file:///etc/passwd', 'http://127.0.0.1:1/', 'x', '', "' OR 1=1", 'k'.repeat(9000), 'k'.repeat(1 << 20), `${header.kid}\u0000`]
        .map((kid) => [`kid ${kid.slice(0, 20)}`, forge({ ...header, kid })]).concat([
            ['no kid', forge({ alg: 'ES256', typ: 'at+jwt' })], ['kid is a number', forge({ ...header, kid: 1 })], ['kid is a list', forge({ ...header, kid: [header.kid] })]]))));

test('attack 25: alg none in every spelling', () =>
    refuse(Object.fromEntries(['none', 'None', 'NONE', 'nOnE', '', 'none ', null, undefined].flatMap((alg) =>
        [['empty', ''], ['kept', s]].map(([how, signature]) => [`${alg} ${how}`, forge({ ...header, alg }, payload, signature)])))));

test('attack 25: HS256 keyed with our public key, in every form of it', () => {
    const key = createPublicKey({ key: ours, format: 'jwk' });
    const pem = key.export({ type: 'spki', format: 'pem' });
    const forms = { pem, trimmed: pem.trim(), der: key.export({ type: 'spki', format: 'der' }), jwk: JSON.stringify(ours), x: Buffer.from(ours.x, 'base64url'), empty: '' };
    return refuse(Object.fromEntries(Object.entries(forms).flatMap(([name, secret]) => ['HS256', 'HS384', 'HS512'].map((alg) =>
        [`${alg} ${name}`, forge({ ...header, alg }, payload, (input) => createHmac(alg.replace('HS', 'sha'), secret).update(input).digest('base64url'))]))));
});

test('attack 25: an algorithm that does not fit the key', () => {
    const rsa = jwks.find((key) => key.alg === 'RS256');
    return refuse({
        'RS256 with the kid of an EC key': forge({ ...header, alg: 'RS256' }), 'ES384': forge({ ...header, alg: 'ES384' }), 'PS256': forge({ ...header, alg: 'PS256' }),
        'ES256 with the kid of an RSA key': forge({ ...header, kid: rsa.kid }), 'alg is a list': forge({ ...header, alg: ['ES256'] }), 'es256': forge({ ...header, alg: 'es256' }),
        'the real signature, another alg': forge({ ...header, alg: 'RS256' }, payload, s),
    });
});

test('attack 25: a key of the attacker\'s in the header', () => {
    const jwk = evil.publicKey.export({ format: 'jwk' });
    return refuse({
        jwk: forge({ ...header, jwk }), 'jwk without kid': forge({ alg: 'ES256', typ: 'at+jwt', jwk }), jku: forge({ ...header, jku: `${issuer}/jwks`, kid: 'x' }),
        'jku elsewhere': forge({ ...header, jku: 'http://127.0.0.1:9/jwks' }), x5u: forge({ ...header, x5u: 'http://127.0.0.1:9/' }), x5c: forge({ ...header, x5c: ['MII'] }),
    });
});

test('attack 25: crit, duplicate names, other shapes', () =>
    refuse({
        crit: forge({ ...header, crit: ['exp'] }), 'crit b64': forge({ ...header, crit: ['b64'], b64: false }), 'crit empty': forge({ ...header, crit: [] }),
        'alg twice': forge(`{"alg":"none","alg":"ES256","typ":"at+jwt","kid":"${header.kid}"}`), 'sub twice': forge(header, JSON.stringify(payload).replace('{', '{"sub":"x",')),
        'the payload is a list': forge(header, [payload]), 'the payload is text': forge(header, '"x"'), 'the header is a list': forge([header]), 'no JSON': forge('x', 'y'),
        'JSON serialisation': JSON.stringify({ payload: p, signatures: [{ protected: h, signature: s }] }), 'flattened': JSON.stringify({ protected: h, payload: p, signature: s }),
        'encrypted shape': `${h}.${p}.${s}.${p}.${s}`, deep: forge(header, '{"a":'.repeat(3000) + '1' + '}'.repeat(3000)), 'deep list': forge('['.repeat(5000)),
    }));

test('attack 25: the real token with bytes about it that do not belong', () =>
    refuse({
        padding: `${real}=`, 'padding inside': `${h}=.${p}.${s}`, 'space before': ` ${real}`, 'space after': `${real} `, newline: `${real}\n`, 'newline inside': `${h}.${p}\n.${s}`,
        tab: `${h}\t.${p}.${s}`, 'two parts': `${h}.${p}`, 'no signature': `${h}.${p}.`, 'no payload': `${h}..${s}`, 'no header': `.${p}.${s}`, 'four parts': `${real}.x`, 'dot after': `${real}.`,
        'dots only': '..', 'standard alphabet': `${h}.${p}.${s.slice(0, -4)}++//`, nul: `${real}\u0000`, 'nul and more': `${h}.${p}.${s}\u0000x`,
        'last character': `${h}.${p}.${s.slice(0, -1)}${String.fromCharCode(s.charCodeAt(s.length - 1) + 1)}`,
    }));

test('attack 25: signatures of wrong size or value', () => {
    const zero = Buffer.alloc(64);
    const halves = Buffer.from(s, 'base64url');
    const with0 = (from, to) => Buffer.concat([halves]).fill(0, from, to).toString('base64url');
    const der = sign('sha256', Buffer.from(`${h}.${p}`), evil.privateKey).toString('base64url');
    const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');
    return refuse(Object.fromEntries(Object.entries({
        'r and s zero': zero.toString('base64url'), 'r zero': with0(0, 32), 's zero': with0(32, 64), 'r and s the order': Buffer.concat([order, order]).toString('base64url'), der,
        short: halves.subarray(0, 63).toString('base64url'), long: Buffer.concat([halves, Buffer.alloc(1)]).toString('base64url'),
        'one byte': 'AA', '20,000 characters': 'A'.repeat(20000), ones: Buffer.alloc(64, 255).toString('base64url'), flipped: Buffer.concat([halves.subarray(32), halves.subarray(0, 32)]).toString('base64url'),
    }).map(([name, signature]) => [name, `${h}.${p}.${signature}`])));
});

test('attack 25: strange times, and claims changed under the real signature', () =>
    refuse(Object.fromEntries([{ exp: '4102444800' }, { exp: -1 }, { exp: 1e300 }, { exp: null }, { exp: undefined }, { exp: [] }, { nbf: 4102444800 }, { sub: 'admin' }, { aud: '*' }, { iat: 'x' }]
        .flatMap((change) => [['signed by the attacker', es256], ['real signature', s]].map(([how, signature]) =>
            [`${JSON.stringify(change)} ${how}`, forge(header, { ...payload, ...change }, signature)])))));

test('attack 26: another typ, audience or issuer', () =>
    refuse(Object.fromEntries([[{ typ: 'JWT' }, {}], [{ typ: undefined }, {}], [{ typ: 'logout+jwt' }, {}], [{ typ: 'AT+JWT' }, {}], [{}, { iss: `${issuer}/` }], [{}, { iss: 'https://evil.example' }],
        [{}, { aud: `${resource.resource}/` }], [{}, { aud: [resource.resource, 'x'] }], [{}, { iss: undefined }]]
        .map(([head, body]) => [JSON.stringify([head, body]), forge({ ...header, ...head }, { ...payload, ...body })]))));

test('attack 26: genuine tokens of another kind or for another audience', async () => {
    assert.equal((await introspect(id_token)).text, '{"active":false}');
    assert.equal((await introspect(own)).text, '{"active":false}', 'meant for the portal itself');
    assert.equal((await get('/userinfo', { headers: { authorization: `Bearer ${id_token}` } })).status, 401);
});

test('attack 25: forged hints are as good as none', async () => {
    const { browser } = await signedIn(portal, users.citizen);
    const claims = decode(id_token);
    const back = portal.post_logout_redirect_uris[0];
    const forged = [forge({ ...claims.header, alg: 'none' }, claims.payload, ''), forge(claims.header, claims.payload), `${id_token}=`, `${id_token}.x`, forge(claims.header, { ...claims.payload, iss: `${issuer}/` }), own];
    for (const id_token_hint of forged) {
        const page = await browser.open(`/logout?${new URLSearchParams({ id_token_hint, post_logout_redirect_uri: back })}`);
        assert.equal(page.left, undefined, id_token_hint.slice(0, 80));
    }
    assert.ok((await browser.open('/')).status === 200 && !(await browser.open('/')).has('username'), 'still signed in');
});
