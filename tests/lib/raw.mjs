// Bytes on a socket, as no HTTP library would send them.
import net from 'node:net';
import { demo } from './demo.mjs';

const main = () => new URL(demo.plain_url);

/*
 * Sends the bytes and collects what comes until the server closes, `quiet` ms pass without a byte after an answer,
 * or `timeout`. { bytes, text, statuses: [400, …], closed }.
 */
export function exchange(bytes, { to = main(), timeout = 5000, quiet = 300 } = {}) {
    return new Promise((resolve, reject) => {
        const socket = net.connect(to.port, to.hostname);
        const chunks = [];
        let silence;
        const end = (closed) => {
            clearTimeout(silence);
            clearTimeout(over);
            socket.destroy();
            const all = Buffer.concat(chunks);
            resolve({ bytes: all, text: all.toString('latin1'), statuses: statusesOf(all), closed });
        };
        const over = setTimeout(() => end(false), timeout);
        socket.on('data', (data) => {
            chunks.push(data);
            clearTimeout(silence);
            silence = setTimeout(() => end(false), quiet);
        });
        socket.on('close', () => end(true));
        socket.on('error', (error) => (['ECONNRESET', 'EPIPE'].includes(error.code) ? end(true) : reject(error)));
        socket.on('connect', () => socket.write(bytes));
    });
}

const statusesOf = (bytes) =>
    [...bytes.toString('latin1').matchAll(/(?:^|\r\n|[^\r\n])HTTP\/1\.[01] (\d{3})/g)].map((m) => Number(m[1]));

// A request's head from lines; the empty line follows by itself.
export const head = (...lines) => `${lines.join('\r\n')}\r\n\r\n`;

// A connection that the test feeds slowly.
export function connection(to = main()) {
    return new Promise((resolve, reject) => {
        const socket = net.connect(to.port, to.hostname);
        let text = '';
        socket.on('data', (data) => (text += data.toString('latin1')));
        const closed = new Promise((done) => socket.on('close', () => done(Date.now())));
        socket.on('error', () => {});
        socket.once('error', reject);
        socket.once('connect', () => resolve({ socket, closed, text: () => text }));
    });
}
