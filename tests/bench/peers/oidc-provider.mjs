// npm's oidc-provider as a peer of the benchmarks: client credentials for JWT access tokens (ES256) of one API,
// introspection of opaque ones of another, because it does not introspect structured tokens, and sign-ins of people in
// LDAP, who get an ID token and a JWT access token (ES256). Its state is in its memory, or in Redis when `redis` names a socket.
// usage: node oidc-provider.mjs '{"port", "secret", "redirect_uri", "redis", "ldap": {"url", "dn", "password", "base"}}'
import Provider from 'oidc-provider';
import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import { redisAdapter } from './redis_adapter.mjs';
import { signInPages } from './sign_in.mjs';

const settings = JSON.parse(process.argv[2]);
const formats = { 'https://jwt.city.example': 'jwt', 'https://opaque.city.example': 'opaque' };
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });

const confidential = {
  client_secret: settings.secret,
  token_endpoint_auth_method: 'client_secret_basic',
  id_token_signed_response_alg: 'ES256',
};
const service = { ...confidential, client_id: 'service', grant_types: ['client_credentials'], redirect_uris: [], response_types: [] };
const portal = { ...confidential, client_id: 'portal', grant_types: ['authorization_code'], redirect_uris: [settings.redirect_uri] };

const resourceServer = (ctx, resource) => ({
  scope: 'records:read',
  audience: resource,
  accessTokenTTL: 3600,
  accessTokenFormat: formats[resource],
  jwt: { sign: { alg: 'ES256' } },
});

// A person's access token is a JWT only where it is for some API, so the portal's is, without being asked.
const ofPortal = (ctx, client, one) => one ?? (client.clientId === 'portal' ? 'https://jwt.city.example' : undefined);

// The portal is the city's own: nobody is asked whether it may know who they are.
async function grantOf(ctx) {
  const { Grant } = ctx.oidc.provider;
  const known = ctx.oidc.session.grantIdFor('portal');
  if (known) return Grant.find(known);
  const grant = new Grant({ clientId: 'portal', accountId: ctx.oidc.session.accountId });
  grant.addOIDCScope('openid profile');
  await grant.save();
  return grant;
}

const provider = new Provider(`http://127.0.0.1:${settings.port}`, {
  adapter: settings.redis ? await redisAdapter(settings.redis) : undefined,
  clients: [service, portal],
  jwks: { keys: [{ ...key, alg: 'ES256', use: 'sig' }] },
  scopes: ['openid', 'profile', 'records:read'],
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: resourceServer,
      defaultResource: ofPortal,
      useGrantedResource: () => true,
    },
  },
  interactions: { url: (ctx, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  loadExistingGrant: grantOf,
});

const pages = await signInPages(provider, settings.ldap);
const others = provider.callback();
createServer((req, res) => (req.url.startsWith('/interaction/') ? pages(req, res) : others(req, res)))
  .listen(settings.port, '127.0.0.1');
