#include "server/token/provider.h"

uint64_t provider_world(const struct provider *p)
{
    return applications_version(p->applications) + live_version(p->live) + keyring_version(p->keyring);
}
