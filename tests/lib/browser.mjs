// A browser without JavaScript: a strict cookie jar, pages, forms, and redirects followed one by one.
import { parse } from 'node-html-parser';
import { CookieJar } from 'tough-cookie';
import { form, request } from './http.mjs';
import { issuer } from './demo.mjs';

const newJar = () => new CookieJar(undefined, { prefixSecurity: 'strict', rejectPublicSuffixes: false });

export class Browser {
    // via, source: as of http.mjs; language: the Accept-Language header.
    constructor({ via, source, language = 'en', jar = newJar() } = {}) {
        Object.assign(this, { via, source, language, jar });
    }

    // The same browser, reaching the server by another way.
    by(via) {
        return new Browser({ ...this, via });
    }

    async send(url, { method = 'GET', headers = {}, body, via = this.via } = {}) {
        const absolute = new URL(url, issuer).href;
        const cookie = await this.jar.getCookieString(absolute, { sameSiteContext: 'lax' });
        const answer = await request(absolute, {
            method,
            body,
            via,
            source: this.source,
            headers: { accept: 'text/html', 'accept-language': this.language, ...(cookie && { cookie }), ...headers },
        });
        for (const line of answer.cookies) await this.jar.setCookie(line, absolute, { sameSiteContext: 'lax' });
        return page(answer);
    }

    // Goes where the server's own redirects lead: to a page, or to an address of an application, not visited.
    async open(url, options) {
        let answer = await this.send(url, options);
        for (let hops = 0; answer.location; hops++) {
            const next = new URL(answer.location, answer.url);
            if (next.origin !== issuer) return { ...answer, left: next };
            if (hops > 8) throw new Error(`too many redirects at ${next}`);
            answer = await this.send(next);
        }
        return answer;
    }

    // Fills the page's form in and sends it; `button` is what is pressed. One answer, redirect not followed.
    post(at, values, { button, headers, form: chosen = at.formWith(...Object.keys(values)) } = {}) {
        const fields = { ...chosen.fields, ...values, ...button };
        return this.send(new URL(chosen.action || at.url, at.url), {
            method: 'POST',
            headers: {
                'content-type': 'application/x-www-form-urlencoded',
                origin: issuer,
                'sec-fetch-site': 'same-origin',
                referer: at.url,
                ...headers,
            },
            body: form(fields),
        });
    }

    async submit(at, values, options) {
        const answer = await this.post(at, values, options);
        if (!answer.location) return answer;
        const next = new URL(answer.location, answer.url);
        return next.origin === issuer ? this.open(next) : { ...answer, left: next };
    }

    async cookie(name) {
        const all = await this.jar.getCookies(issuer, { sameSiteContext: 'lax' });
        return all.find((c) => c.key === name)?.value;
    }

    setCookie(name, value) {
        return this.jar.setCookie(`${name}=${value}; Path=/; Secure; HttpOnly`, issuer);
    }
}

// What a person would see of an answer.
function page(answer) {
    const dom = parse(answer.text);
    const forms = dom.querySelectorAll('form').map(readForm);
    const formWith = (...names) => {
        const found = forms.find((f) => f.method === 'post' && names.every((n) => f.names.has(n)));
        if (!found) throw new Error(`no form with ${names} at ${answer.url} (${answer.status})\n${visible(dom)}`);
        return found;
    };
    return { ...answer, dom, forms, formWith, visible: visible(dom), has: (n) => forms.some((f) => f.names.has(n)) };
}

function valueOf(input) {
    if (input.tagName === 'TEXTAREA') return input.textContent;
    if (input.tagName !== 'SELECT') return input.getAttribute('value') ?? '';
    const options = input.querySelectorAll('option');
    const chosen = options.find((o) => o.hasAttribute('selected')) ?? options[0];
    return chosen?.getAttribute('value') ?? '';
}

function readForm(element) {
    const fields = {};
    const names = new Set();
    for (const input of element.querySelectorAll('input, button, textarea, select')) {
        const name = input.getAttribute('name');
        if (!name) continue;
        names.add(name);
        const type = (input.getAttribute('type') ?? '').toLowerCase();
        const pressed = input.tagName === 'BUTTON' || type === 'submit';
        const left = ['radio', 'checkbox'].includes(type) && !input.hasAttribute('checked');
        if (!pressed && !left) fields[name] = valueOf(input);
    }
    return {
        action: element.getAttribute('action') ?? '',
        method: (element.getAttribute('method') ?? 'get').toLowerCase(),
        fields,
        names,
    };
}

const visible = (dom) => dom.structuredText.replace(/\s+/g, ' ').trim();
