// SPDX-License-Identifier: Apache-2.0
// Looking into the table that embed.c wrote.
#include "content/content.h"

#include "content/table.h"

const struct content_file *content_files(size_t *n)
{
    *n = content_table_n;
    return content_table;
}

const struct content_file *content_find(struct str name)
{
    for (size_t i = 0; i < content_table_n; i++)
        if (str_eq(content_table[i].name, name))
            return &content_table[i];
    return NULL;
}

const struct content_file *content_below(struct str folder, size_t *n)
{
    size_t from = 0;
    while (from < content_table_n && !str_starts(content_table[from].name, folder))
        from++;
    size_t to = from;
    while (to < content_table_n && str_starts(content_table[to].name, folder))
        to++;
    *n = to - from;
    return content_table + from;
}

struct yaml_source content_source(const struct content_file *file)
{
    return (struct yaml_source){.name = file->name, .text = file->text, .packed = file->packed};
}
