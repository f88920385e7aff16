/* Organisations: units below organisations_base; the path is made of the values of their names. */
#include "directory/dn.h"
#include "directory/model/parse.h"

bool parse_organisation(struct parse *p)
{
    struct organisation *o = &p->item->organisation;
    o->dn = p->item->dn;
    o->path = dn_path(p->a, o->dn, str_of(p->config->organisations_base));
    if (o->path.len == 0 || str_has(o->path, ' ')) {
        parse_fault(p, "its name has a space or a slash, so that no path can name it; accepted: a code, such "
                       "as ou=D0412, with the name in description");
        return false;
    }
    size_t cut = o->path.len;
    while (cut > 0 && o->path.p[cut - 1] != '/')
        cut--;
    o->parent = str_sub(o->path, 0, cut > 0 ? cut - 1 : 0);
    o->name = parse_value(p, "description");
    if (o->name.len == 0)
        o->name = str_sub(o->path, cut, o->path.len);
    o->name_en = parse_value(p, "description;lang-en");
    if (o->name_en.len == 0)
        o->name_en = o->name;
    return true;
}
