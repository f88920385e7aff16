// The running demo, as var/demo/demo.json describes it (design: "the demo's contract").
import dns from 'node:dns';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

// The demo listens on 127.0.0.1 only; Node may try ::1 first for localhost.
dns.setDefaultResultOrder('ipv4first');

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const file = path.resolve(process.env.ONEDOOR_DEMO_JSON ?? path.join(root, 'var/demo/demo.json'));

export const demo = JSON.parse(fs.readFileSync(file, 'utf8'));
export const issuer = demo.issuer;
export const users = demo.users;
export const apps = demo.apps;

// The folder with settings, logs and pid files.
export const state = path.dirname(file);
export const binary = process.env.ONEDOOR_BINARY ?? path.join(root, 'build/demo/onedoor');
export const ca = fs.readFileSync(demo.ca_file);

// The redirect address of an application that a test can listen on, or the one on https.
export const loopbackRedirect = (app) => app.redirect_uris.find((uri) => uri.startsWith('http://127.0.0.1'));
export const httpsRedirect = (app) => app.redirect_uris.find((uri) => uri.startsWith('https://'));
