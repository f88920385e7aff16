// The peer's state in Redis, one round trip a call: a record is a hash of its JSON and of when it was used up.
import { createClient } from 'redis';

const keyOf = (model, id) => `oidc:${model}:${id}`;
const grantKey = (grantId) => `oidc:grant:${grantId}`;
const uidKey = (uid) => `oidc:uid:${uid}`;

// The class that oidc-provider makes an adapter of for each model. (What only the device flow asks for is not there.)
export async function redisAdapter(path) {
  const redis = await createClient({ socket: { path }, database: 9 }).connect();

  return class {
    constructor(model) {
      this.model = model;
    }

    async upsert(id, payload, expiresIn) {
      const key = keyOf(this.model, id);
      const all = redis.multi().hSet(key, 'payload', JSON.stringify(payload)).expire(key, expiresIn);
      if (this.model === 'Session') all.set(uidKey(payload.uid), id, { EX: expiresIn });
      if (payload.grantId) all.sAdd(grantKey(payload.grantId), key).expire(grantKey(payload.grantId), expiresIn);
      await all.exec();
    }

    async find(id) {
      const { payload, consumed } = await redis.hGetAll(keyOf(this.model, id));
      return payload && { ...JSON.parse(payload), consumed: consumed && Number(consumed) };
    }

    async findByUid(uid) {
      const id = await redis.get(uidKey(uid));
      return id ? this.find(id) : undefined;
    }

    async consume(id) {
      await redis.hSet(keyOf(this.model, id), 'consumed', Math.floor(Date.now() / 1000));
    }

    async destroy(id) {
      await redis.del(keyOf(this.model, id));
    }

    async revokeByGrantId(grantId) {
      await redis.del([grantKey(grantId), ...await redis.sMembers(grantKey(grantId))]);
    }
  };
}
