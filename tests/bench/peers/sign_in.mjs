// The peer's sign-in page, and the password checked as Onedoor does: the person is searched for, then a bind on a kept
// connection of its own.
import { Client, InvalidCredentialsError } from 'ldapts';
import { text } from 'node:stream/consumers';

const page = (action) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sign in</title></head><body>
<form method="post" action="${action}"><label>User <input name="username"></label>
<label>Password <input name="password" type="password"></label><button>Sign in</button></form></body></html>`;

// ldap: { url, dn, password, base }
export async function signInPages(provider, ldap) {
  const searching = new Client({ url: ldap.url });
  await searching.bind(ldap.dn, ldap.password);
  const idle = []; // connections for binds, of which each has one under way at most

  async function passwordIsRight(dn, password) {
    const client = idle.pop() ?? new Client({ url: ldap.url });
    try {
      await client.bind(dn, password);
      return true;
    } catch (error) {
      if (error instanceof InvalidCredentialsError) return false;
      throw error;
    } finally {
      idle.push(client);
    }
  }

  async function personOf(username, password) {
    if (!/^[a-z0-9-]+$/.test(username ?? '') || !password) return undefined;
    const { searchEntries } = await searching.search(ldap.base, { filter: `(uid=${username})`, attributes: ['uid'] });
    if (searchEntries.length !== 1) return undefined;
    return await passwordIsRight(searchEntries[0].dn, password) ? searchEntries[0].uid : undefined;
  }

  async function answer(req, res) {
    if (req.method === 'POST') {
      const form = new URLSearchParams(await text(req));
      const accountId = await personOf(form.get('username'), form.get('password'));
      if (accountId) return provider.interactionFinished(req, res, { login: { accountId } });
    }
    await provider.interactionDetails(req, res);
    const body = page(req.url);
    res.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8', 'Content-Length': Buffer.byteLength(body) });
    return res.end(body);
  }

  return (req, res) => answer(req, res).catch((error) => {
    console.error(error);
    res.writeHead(500).end();
  });
}
