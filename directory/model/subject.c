#include "directory/model/subject.h"

bool subject_of_person(const struct person *p, struct subject *out)
{
    *out = (struct subject){.id = p->subject,
                            .uuid = p->uuid,
                            .kind = p->kind,
                            .mail = p->mail,
                            .organisations = p->organisations,
                            .identity_level = p->identity_level,
                            .disabled = p->disabled};
    return dn_key_of(p->dn, &out->dn);
}
