// SPDX-License-Identifier: Apache-2.0
// Does every input that a fuzz target has ever been given still pass? The main of a fuzz target where libFuzzer is not: runs each file
// of the folders given, one TAP point a file. A broken input ends the program; the announced plan then tells that points are missing.
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static void replay_file(const char *folder, const char *name, unsigned number)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "rb");
    char *data = NULL;
    size_t size = 0;
    FILE *copy = open_memstream(&data, &size);
    if (!file || !copy) {
        printf("not ok %u - %s: cannot be read\n", number, name);
        exit(1);
    }
    char block[65536];
    for (size_t got; (got = fread(block, 1, sizeof block, file)) > 0;)
        fwrite(block, 1, got, copy);
    fclose(file);
    fclose(copy);
    // A copy of exactly this size, so that the sanitizer sees a read behind the end.
    uint8_t *exact = malloc(size ? size : 1);
    if (!exact)
        exit(1);
    memcpy(exact, data, size);
    free(data);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    printf("ok %u - %s\n", number, name);
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    unsigned number = 0;
    for (int i = 1; i < argc; i++) {
        struct dirent **entries;
        int n = scandir(argv[i], &entries, visible, alphasort);
        if (n <= 0) {
            printf("1..1\nnot ok 1 - %s: no corpus\n", argv[i]);
            return 1;
        }
        if (i == 1 && argc == 2)
            printf("1..%d\n", n);
        for (int e = 0; e < n; e++) {
            replay_file(argv[i], entries[e]->d_name, ++number);
            free(entries[e]);
        }
        free(entries);
    }
    return 0;
}
