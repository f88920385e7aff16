// A crowd of bad neighbours: usage: crowd.mjs slow|greedy PORT COUNT [AUTHORIZATION BODY], until it is ended.
// slow: COUNT connections of many loopback addresses that send a byte of a request at a time. greedy: one address
// that asks for tokens on COUNT connections as fast as it can.
import http from 'node:http';
import net from 'node:net';

const [kind, port, count, authorization, body] = process.argv.slice(2);

function slow(i) {
    const socket = net.connect({ port, host: '127.0.0.1', localAddress: `127.20.${i >> 8}.${1 + (i & 127)}` });
    const head = 'POST /introspect HTTP/1.1\r\nHost: localhost\r\nX-Slow: ';
    let sent = 0;
    const drip = setInterval(() => socket.write(head[sent++] ?? 'x'), 200);
    socket.on('error', () => {});
    socket.on('close', () => {
        clearInterval(drip);
        setTimeout(slow, 100, i);
    });
}

const agent = new http.Agent({ keepAlive: true, maxSockets: Number(count) });

function greedy() {
    const headers = { authorization, 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) };
    const req = http.request({ port, host: '127.0.0.1', localAddress: '127.21.0.1', path: '/token', method: 'POST', agent, headers });
    req.on('response', (res) => res.resume().on('end', greedy));
    req.on('error', () => setTimeout(greedy, 100));
    req.end(body);
}

for (let i = 0; i < Number(count); i++) ({ slow, greedy })[kind](i);
