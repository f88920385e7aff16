// What an attacker compares two answers by.
import assert from 'node:assert/strict';

// Values that differ by nature: identifiers, times, and the name that was typed in.
const scrubbed = (text, typed) =>
    typed
        .filter(Boolean)
        .reduce((left, word) => left.replaceAll(word, '<typed>').replaceAll(encodeURIComponent(word), '<typed>'), text)
        .replace(/name="(t|csrf)" value="[^"]*"/g, 'name="$1" value=""')
        .replace(/value="[^"]*" name="(t|csrf)"/g, 'value="" name="$1"')
        .replace(/([?&;]t=)[\w-]+/g, '$1')
        .replace(/nonce-[\w+/=-]+/g, 'nonce-');

const varying = new Set(['date', 'content-length', 'x-request-id', 'connection', 'keep-alive']);

const hiddenValues = (answer) => (answer.forms ?? []).flatMap(({ fields }) => [fields.t, fields.csrf]);

// `typed` are words of the request that may come back.
export const shape = (answer, words = []) => shapeOf(answer, [...words, ...hiddenValues(answer)]);

const shapeOf = (answer, typed) => ({
    status: answer.status,
    headers: Object.fromEntries(
        Object.entries(answer.headers)
            .filter(([name]) => !varying.has(name) && name !== 'set-cookie')
            .map(([name, value]) => [name, scrubbed(String(value), typed)]),
    ),
    cookies: answer.cookies.map((line) => line.replace(/=[^;]*/, '=').replace(/; expires=[^;]*/i, '')).sort(),
    body: scrubbed(answer.text, typed),
});

export const assertSame = (one, other, why, typed) => assert.deepEqual(shape(one, typed), shape(other, typed), why);

// An error for the person: HTML, and the browser goes nowhere.
export function assertPage(answer, why = answer.url) {
    assert.ok(answer.status >= 400 && answer.status < 500, `${why}: status ${answer.status}`);
    assert.match(answer.headers['content-type'] ?? '', /^text\/html/, why);
    assert.equal(answer.location, undefined, `${why}: sent on to ${answer.location}`);
}

// An error for a program.
export function assertError(answer, status, code, why = answer.url) {
    assert.equal(answer.status, status, `${why}: ${answer.text}`);
    assert.match(answer.headers['content-type'] ?? '', /^application\/json/, why);
    if (code) assert.equal(answer.json().error, code, `${why}: ${answer.text}`);
    assert.match(answer.headers['cache-control'] ?? '', /no-store/, why);
}
