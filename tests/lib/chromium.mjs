// Debian's Chromium, trusting the demo's certificate by the hash of its key and nothing else.
import { createHash, createPublicKey } from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { issuer, root, state } from './demo.mjs';

const spki = () =>
    createHash('sha256')
        .update(createPublicKey(fs.readFileSync(path.join(state, 'tls/server.pem'))).export({ type: 'spki', format: 'der' }))
        .digest('base64');

let running;

async function start() {
    return chromium.launch({
        executablePath: process.env.ONEDOOR_CHROMIUM ?? '/usr/bin/chromium',
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
            '--disable-component-update', '--disable-sync', `--ignore-certificate-errors-spki-list=${spki()}`],
    });
}

export const stop = async () => (await running)?.close();

/*
 * A new browser profile and its page. `complaints` gathers what no page of ours may cause: refusals by the content
 * security policy, errors on the console, answers that did not arrive.
 */
export async function visitor(t, options = {}) {
    running ??= start();
    const context = await (await running).newContext({ locale: 'en', ...options });
    t.after(() => context.close());
    const page = await context.newPage();
    const complaints = [];
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('requestfailed', (request) => complaints.push(`${request.url()}: ${request.failure()?.errorText}`));
    return { page, context, complaints };
}

/*
 * The application at http://127.0.0.1:9080: tells the browser that it is there, and the test what came. Its pages are
 * a list: each entry { method, path, query, form }.
 */
export async function application(t) {
    const arrivals = [];
    const server = http.createServer((req, res) => {
        let body = '';
        req.on('data', (data) => (body += data));
        req.on('end', () => {
            const url = new URL(req.url, 'http://127.0.0.1:9080');
            if (url.pathname !== '/favicon.ico')
                arrivals.push({ method: req.method, path: url.pathname, query: Object.fromEntries(url.searchParams), form: Object.fromEntries(new URLSearchParams(body)) });
            res.setHeader('content-type', 'text/html; charset=utf-8');
            res.end('<!doctype html><html lang="en"><head><title>Application</title><link rel="icon" href="data:,"></head><body><h1>Back at the application</h1></body></html>');
        });
    }).listen(9080, '127.0.0.1');
    await new Promise((resolve, reject) => server.once('listening', resolve).once('error', reject));
    t.after(() => new Promise((resolve) => {
        server.closeAllConnections?.();
        server.close(resolve);
    }));
    return { arrivals, last: () => arrivals.at(-1) };
}

const folder = path.join(root, 'var/screenshots');

// Pictures are for people to look at; no test compares them.
export async function picture(page, name) {
    fs.mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
}

export const arrived = (page) => page.waitForURL(/^http:\/\/127\.0\.0\.1:9080\//);

export const ours = (page) => page.url().startsWith(issuer);
