// An old application behind a proxy, and a browser that goes back and forth between it and Onedoor.
import assert from 'node:assert/strict';
import { addApp } from './cli.mjs';
import { freePort } from './own-server.mjs';
import { oldApplication } from './proxies.mjs';
import { signInAt } from './signin.mjs';

// An old application, registered, running, and behind the proxy: { app, origin, log }.
export async function behind(t, proxy, settings = {}) {
    const [port, upstream] = [await freePort(), await oldApplication(t)];
    const origin = `https://127.0.0.1:${port}`;
    const app = await addApp(t, {
        method: 'client_secret_basic', grant: 'authorization_code', scope: ['openid', 'profile', 'email'],
        'forward-auth': 'TRUE', 'redirect-uri': `${origin}/.onedoor/callback`, ...settings,
    });
    const log = await proxy(t, { client_id: app.client_id, port, upstream });
    return { app, origin, log };
}

// Follows redirects between the two hosts, as a browser does; stops at the first page.
export async function open(browser, url, options) {
    let answer = await browser.send(url, options);
    for (let hops = 0; answer.location; hops++) {
        assert.ok(hops < 8, `too many redirects at ${answer.location}`);
        answer = await browser.send(new URL(answer.location, answer.url));
    }
    return answer;
}

// From the sign-in page through to the application.
export async function through(browser, page, user) {
    let next = await signInAt(browser, page, user);
    return next.left ? open(browser, next.left) : next;
}
