// A relay in front of slapd that keeps back every answer for a while.
import net from 'node:net';
import { demo } from './demo.mjs';

const { hostname, port } = new URL(demo.ldap.uri.replace('ldap:', 'http:'));

// { uri }; gone when the test ends.
export async function slowDirectory(t, ms) {
    const open = new Set();
    const server = net.createServer((near) => {
        const far = net.connect(port, hostname);
        for (const end of [near, far]) {
            open.add(end);
            end.on('error', () => {}).on('close', () => (open.delete(end), near.destroy(), far.destroy()));
        }
        near.pipe(far);
        far.on('data', (data) => setTimeout(() => near.destroyed || near.write(data), ms));
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => {
        server.close();
        for (const end of open) end.destroy();
    });
    return { uri: `ldap://127.0.0.1:${server.address().port}` };
}
