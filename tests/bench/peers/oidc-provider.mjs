// npm's oidc-provider as a peer of the benchmarks: client credentials for JWT access tokens (ES256) of one API, and
// introspection of opaque ones of another, because it does not introspect structured tokens. Everything is in its memory.
// usage: node oidc-provider.mjs PORT SECRET
import Provider from 'oidc-provider';
import { generateKeyPairSync } from 'node:crypto';

const [port, secret] = process.argv.slice(2);
const formats = { 'https://jwt.city.example': 'jwt', 'https://opaque.city.example': 'opaque' };
const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' });

const client = {
  client_id: 'service',
  client_secret: secret,
  grant_types: ['client_credentials'],
  redirect_uris: [],
  response_types: [],
  token_endpoint_auth_method: 'client_secret_basic',
  id_token_signed_response_alg: 'ES256',
};

const resourceServer = (ctx, resource) => ({
  scope: 'records:read',
  audience: resource,
  accessTokenTTL: 3600,
  accessTokenFormat: formats[resource],
  jwt: { sign: { alg: 'ES256' } },
});

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [client],
  jwks: { keys: [{ ...key, alg: 'ES256', use: 'sig' }] },
  scopes: ['records:read'],
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
    resourceIndicators: { enabled: true, getResourceServerInfo: resourceServer },
  },
});
provider.listen(Number(port), '127.0.0.1');
