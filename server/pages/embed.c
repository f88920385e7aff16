#include "server/pages/embed.h"

static bool is_path(struct str path, struct str folder, struct str name, struct str ending)
{
    return path.len == folder.len + name.len + ending.len && str_starts(path, folder) &&
           str_ends(path, ending) && str_eq(str_sub(path, folder.len, name.len), name);
}

bool embedded_find(struct str folder, struct str name, struct str ending, struct str *content)
{
    for (size_t i = 0; i < embedded_file_count; i++) {
        const struct embedded_file *f = &embedded_files[i];
        if (!is_path(str_of(f->path), folder, name, ending))
            continue;
        *content = (struct str){(const char *)f->bytes, f->len};
        return true;
    }
    return false;
}
