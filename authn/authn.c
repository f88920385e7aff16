#include "authn/authn.h"

#include <liboath/oath.h>

bool authn_setup(struct authn *au, const struct master *master)
{
    struct secret *account = master_derive(master, "account");
    au->account_seal = account ? seal_new(account) : NULL;
    secret_free(account);
    au->device_key = master_derive(master, "device");
    au->throttle_key = master_derive(master, "throttle");
    au->recovery_key = master_derive(master, "recovery");
    au->identity_key = master_derive(master, "identity");
    if (au->account_seal && au->device_key && au->throttle_key && au->recovery_key && au->identity_key &&
        oath_init() == OATH_OK)
        return true;
    authn_clear(au);
    return false;
}

void authn_clear(struct authn *au)
{
    seal_free(au->account_seal);
    secret_free(au->device_key);
    secret_free(au->throttle_key);
    secret_free(au->recovery_key);
    secret_free(au->identity_key);
    au->account_seal = NULL;
    au->device_key = au->throttle_key = au->recovery_key = au->identity_key = NULL;
}
