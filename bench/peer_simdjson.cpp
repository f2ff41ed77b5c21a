// SPDX-License-Identifier: Apache-2.0
// A yardstick, not part of davy: simdjson merely extracts fifteen fields of every audit event in a file and judges nothing.
//
//   peer_simdjson VARIANT FILE
//     lines-read   On-Demand, a line at a time, read(2) into a block that stays in the cache
//     lines-map    On-Demand, a line at a time, over mmap
//     many-map     On-Demand, iterate_many over mmap (copied behind padding by the library's own loader)
//     dom-read     the DOM parser, a line at a time, read(2)
//
// Prints bytes, records, a checksum over the fields (the same for every variant), and seconds.
#include <simdjson.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <string_view>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

using namespace simdjson;

namespace
{

struct sum {
    uint64_t records = 0, bytes = 0, hash = 0;
    void add(std::string_view s)
    {
        hash += s.size() + (s.empty() ? 0 : static_cast<unsigned char>(s.front()) * 31u + static_cast<unsigned char>(s.back()));
    }
    void add(uint64_t n)
    {
        hash += n;
    }
};

// --- On-Demand: one walk over the members, in the order in which they stand ------------------------------------------------------

void add_string(ondemand::value value, sum &sum)
{
    std::string_view s;
    if (!value.get_string().get(s))
        sum.add(s);
}

void add_first(ondemand::value value, sum &sum)
{
    ondemand::array items;
    if (value.get_array().get(items))
        return;
    for (auto item : items) {
        ondemand::value first;
        if (!item.get(first))
            add_string(first, sum);
        return;
    }
}

template <typename Member> void walk(ondemand::value value, Member member)
{
    ondemand::object object;
    if (value.get_object().get(object))
        return;
    for (auto field : object) {
        ondemand::field one;
        if (std::move(field).get(one))
            return;
        member(one.key(), one.value());
    }
}

void add_user(ondemand::value value, sum &sum)
{
    walk(value, [&](ondemand::raw_json_string key, ondemand::value inner) {
        if (key == "username")
            add_string(inner, sum);
        else if (key == "groups")
            add_first(inner, sum);
    });
}

void add_object_ref(ondemand::value value, sum &sum)
{
    walk(value, [&](ondemand::raw_json_string key, ondemand::value inner) {
        if (key == "resource" || key == "namespace" || key == "name" || key == "apiGroup" || key == "subresource")
            add_string(inner, sum);
    });
}

void add_code(ondemand::value value, sum &sum)
{
    walk(value, [&](ondemand::raw_json_string key, ondemand::value inner) {
        uint64_t code;
        if (key == "code" && !inner.get_uint64().get(code))
            sum.add(code);
    });
}

template <typename Document> void add_event(Document &document, sum &sum)
{
    ondemand::object object;
    if (document.get_object().get(object))
        return;
    for (auto member : object) {
        ondemand::field field;
        if (std::move(member).get(field))
            return;
        ondemand::raw_json_string key = field.key();
        ondemand::value value = field.value();
        switch (key.raw()[0]) {
        case 'a':
            if (key == "auditID")
                add_string(value, sum);
            break;
        case 'o':
            if (key == "objectRef")
                add_object_ref(value, sum);
            break;
        case 'r':
            if (key == "requestURI") {
                add_string(value, sum);
            } else if (key == "responseStatus") {
                add_code(value, sum);
            } else if (key == "requestReceivedTimestamp") {
                add_string(value, sum);
                sum.records++;
                return; // the fifteenth field; what follows is not asked for
            }
            break;
        case 's':
            if (key == "stage")
                add_string(value, sum);
            else if (key == "sourceIPs")
                add_first(value, sum);
            break;
        case 'u':
            if (key == "user")
                add_user(value, sum);
            else if (key == "userAgent")
                add_string(value, sum);
            break;
        case 'v':
            if (key == "verb")
                add_string(value, sum);
            break;
        default:
            break;
        }
    }
}

// --- DOM --------------------------------------------------------------------------------------------------------------------------

void add_dom(dom::element event, sum &sum)
{
    std::string_view s;
    uint64_t code;
    for (const char *path : {"/auditID", "/stage", "/verb", "/user/username", "/user/groups/0", "/sourceIPs/0", "/userAgent",
                             "/objectRef/resource", "/objectRef/namespace", "/objectRef/name", "/objectRef/apiGroup",
                             "/objectRef/subresource", "/requestReceivedTimestamp", "/requestURI"})
        if (!event.at_pointer(path).get_string().get(s))
            sum.add(s);
    if (!event.at_pointer("/responseStatus/code").get_uint64().get(code))
        sum.add(code);
    sum.records++;
}

// --- input ------------------------------------------------------------------------------------------------------------------------

[[noreturn]] void die(const char *what)
{
    perror(what);
    exit(3);
}

struct map {
    const char *data;
    size_t size;
};

map map_file(const char *path)
{
    int fd = open(path, O_RDONLY);
    struct stat st;
    if (fd < 0 || fstat(fd, &st))
        die(path);
    // One page more than the file, so that the library may read behind the end.
    size_t room = (static_cast<size_t>(st.st_size) + 8191) & ~size_t{4095};
    void *at = mmap(nullptr, room, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED ||
        mmap(at, static_cast<size_t>(st.st_size), PROT_READ, MAP_PRIVATE | MAP_FIXED | MAP_POPULATE, fd, 0) == MAP_FAILED)
        die("mmap");
    return {static_cast<const char *>(at), static_cast<size_t>(st.st_size)};
}

// Calls line(text, length, room) for each line; room counts the readable bytes from text on.
template <typename Line> uint64_t each_line_read(const char *path, Line line)
{
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        die(path);
    std::vector<char> block(512 << 10); // the fastest of 64 KiB to 2 MiB
    size_t have = 0;
    uint64_t total = 0;
    for (;;) {
        if (have + SIMDJSON_PADDING == block.size())
            block.resize(block.size() * 2);
        ssize_t got = read(fd, block.data() + have, block.size() - have - SIMDJSON_PADDING);
        if (got < 0)
            die("read");
        if (got == 0)
            break;
        total += static_cast<uint64_t>(got);
        have += static_cast<size_t>(got);
        char *at = block.data(), *end = at + have;
        for (char *newline; at < end && (newline = static_cast<char *>(memchr(at, '\n', static_cast<size_t>(end - at)))); at = newline + 1)
            line(at, static_cast<size_t>(newline - at), static_cast<size_t>(block.data() + block.size() - at));
        have = static_cast<size_t>(end - at);
        memmove(block.data(), at, have);
    }
    close(fd);
    return total;
}

template <typename Line> uint64_t each_line_map(const char *path, Line line)
{
    map file = map_file(path);
    const char *at = file.data, *end = file.data + file.size;
    for (const char *newline; at < end && (newline = static_cast<const char *>(memchr(at, '\n', static_cast<size_t>(end - at))));
         at = newline + 1)
        line(at, static_cast<size_t>(newline - at), static_cast<size_t>(newline - at) + SIMDJSON_PADDING);
    return file.size;
}

// --- variants ---------------------------------------------------------------------------------------------------------------------

void run_lines(const char *path, bool mapped, sum &sum)
{
    ondemand::parser parser;
    auto one = [&](const char *text, size_t length, size_t room) {
        ondemand::document document;
        if (!parser.iterate(text, length, room).get(document))
            add_event(document, sum);
    };
    sum.bytes = mapped ? each_line_map(path, one) : each_line_read(path, one);
}

void run_many(const char *path, sum &sum)
{
    map file = map_file(path);
    ondemand::parser parser;
    ondemand::document_stream stream;
    if (parser.iterate_many(reinterpret_cast<const uint8_t *>(file.data), file.size, 1 << 20).get(stream))
        exit(3);
    for (auto document : stream) {
        ondemand::document_reference reference;
        if (!std::move(document).get(reference))
            add_event(reference, sum);
    }
    sum.bytes = file.size;
}

void run_dom(const char *path, sum &sum)
{
    dom::parser parser;
    sum.bytes = each_line_read(path, [&](const char *text, size_t length, size_t) {
        dom::element event;
        if (!parser.parse(text, length, false).get(event))
            add_dom(event, sum);
    });
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: peer_simdjson lines-read|lines-map|many-map|dom-read FILE\n");
        return 2;
    }
    std::string_view variant = argv[1];
    sum sum;
    auto start = std::chrono::steady_clock::now();
    if (variant == "lines-read" || variant == "lines-map")
        run_lines(argv[2], variant == "lines-map", sum);
    else if (variant == "many-map")
        run_many(argv[2], sum);
    else if (variant == "dom-read")
        run_dom(argv[2], sum);
    else
        return 2;
    std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    printf("%s %s: %llu bytes, %llu records, checksum %llx, %.3f s, %.3f GB/s\n", argv[1], get_active_implementation()->name().c_str(),
           static_cast<unsigned long long>(sum.bytes), static_cast<unsigned long long>(sum.records),
           static_cast<unsigned long long>(sum.hash), took.count(), static_cast<double>(sum.bytes) / took.count() / 1e9);
}
