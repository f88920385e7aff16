// openid-client plays the nightly exchange, a program without people.
import assert from 'node:assert/strict';
import test from 'node:test';
import { decode, introspect } from '../lib/app.mjs';
import { addApp } from '../lib/cli.mjs';
import { apps, issuer } from '../lib/demo.mjs';
import { client, discover } from '../lib/party.mjs';

const { service, resource } = apps;
const refused = (code) => (error) => error.error === code;

test('client credentials for a resource give a token that the resource sees as active', async () => {
    const config = await discover(service);
    const tokens = await client.clientCredentialsGrant(config, { scope: 'records:read', resource: resource.resource });
    assert.equal(tokens.refresh_token, undefined, 'RFC 6749 section 4.4.3');
    assert.equal(tokens.id_token, undefined);
    const seen = await client.tokenIntrospection(await discover(resource), tokens.access_token);
    assert.equal(seen.active, true);
    assert.equal(seen.client_id, service.client_id);
    assert.equal(seen.sub, service.client_id, 'RFC 9068 section 2.2: the client itself');
    assert.equal(seen.scope, 'records:read');
    assert.equal(seen.acr, undefined, 'nobody signed in');
    assert.equal(seen.auth_time, undefined);
});

test('without a resource the token is meant for the service itself, and not for the records', async () => {
    const tokens = await client.clientCredentialsGrant(await discover(service), { scope: 'records:read' });
    assert.equal([decode(tokens.access_token).payload.aud].flat()[0], service.client_id);
    assert.deepEqual((await introspect(tokens.access_token)).json(), { active: false });
});

test('what it may not have is refused by name', async () => {
    const config = await discover(service);
    await assert.rejects(client.clientCredentialsGrant(config, { scope: 'records:write' }), refused('invalid_scope'));
    await assert.rejects(client.clientCredentialsGrant(config, { scope: 'openid' }), refused('invalid_scope'));
    await assert.rejects(client.clientCredentialsGrant(config, { resource: 'https://other.example/' }), refused('invalid_target'));
    await assert.rejects(client.clientCredentialsGrant(config, { resource: `${resource.resource}/` }), refused('invalid_target'));
    await assert.rejects(client.clientCredentialsGrant(await discover(apps.portal)), refused('unauthorized_client'));
});

test('its tokens are no person\'s: userinfo refuses them', async () => {
    const config = await discover(service);
    const { access_token } = await client.clientCredentialsGrant(config, { scope: 'records:read' });
    await assert.rejects(client.fetchUserInfo(config, access_token, client.skipSubjectCheck));
});

test('an application registered for client_secret_post proves itself in the form', async (t) => {
    const app = await addApp(t, { method: 'client_secret_post', grant: 'client_credentials', scope: 'a' });
    const config = await client.discovery(new URL(issuer), app.client_id, {}, client.ClientSecretPost(app.client_secret));
    assert.ok((await client.clientCredentialsGrant(config, { scope: 'a' })).access_token);
});
