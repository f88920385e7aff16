// One HTTP request at a time, redirects never followed, certificates always checked.
import http from 'node:http';
import https from 'node:https';
import { ca, issuer } from './demo.mjs';

const agents = {
    'https:': new https.Agent({ ca, keepAlive: true }),
    'http:': new http.Agent({ keepAlive: true }),
};

// The server may close a kept connection just as it is used again; such a request was not read.
const closedBeforeUse = (error, req) => req.reusedSocket && error.code === 'ECONNRESET';

/*
 * options: method, headers, body, via (base address of another listener that serves the same issuer, as a proxy
 * would), source (a loopback address to come from), timeout in ms.
 */
export function request(url, options = {}) {
    const { method = 'GET', headers = {}, body, via, source, timeout = 30000 } = options;
    const logical = new URL(url);
    const physical = via && logical.origin === issuer ? new URL(logical.pathname + logical.search, via) : logical;
    const lib = physical.protocol === 'https:' ? https : http;
    const settings = {
        method,
        headers: { host: logical.host, ...headers },
        agent: source ? undefined : agents[physical.protocol],
        localAddress: source,
        ca,
        servername: physical.hostname, // else Node takes the Host header for it
        timeout,
    };
    if (body !== undefined) settings.headers['content-length'] ??= Buffer.byteLength(body);
    return new Promise((resolve, reject) => {
        const req = lib.request(physical, settings, (res) => resolve(collect(res, url)));
        req.on('timeout', () => req.destroy(new Error(`no answer within ${timeout} ms: ${method} ${url}`)));
        req.on('error', (error) =>
            closedBeforeUse(error, req) ? request(url, options).then(resolve, reject) : reject(error),
        );
        req.end(body);
    });
}

async function collect(res, url) {
    const chunks = [];
    for await (const chunk of res) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString('utf8');
    return {
        url: String(url),
        status: res.statusCode,
        headers: res.headers,
        rawHeaders: res.rawHeaders,
        cookies: res.headers['set-cookie'] ?? [],
        location: res.headers.location,
        text,
        json: () => JSON.parse(text),
    };
}

export const form = (values) => new URLSearchParams(Object.entries(values).filter(([, v]) => v !== undefined)).toString();

export const get = (path, options) => request(new URL(path, issuer), options);

// A form post as a program sends it: no cookies, no Origin.
export const post = (path, values, options = {}) =>
    request(new URL(path, issuer), {
        ...options,
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded', ...options.headers },
        body: typeof values === 'string' ? values : form(values),
    });

export const basic = (id, secret) =>
    `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`;
