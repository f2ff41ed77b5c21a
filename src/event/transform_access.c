// SPDX-License-Identifier: Apache-2.0
// What the API server says about permissions and identities.
//
// The RBAC authorizer writes its reason as (pkg/registry/rbac/validation, rule.go; names quoted as Go's %q does)
//
//   RBAC: allowed by ClusterRoleBinding "NAME" of ROLEKIND "ROLE" to SUBJECT
//   RBAC: allowed by RoleBinding "NAME/NAMESPACE" of ROLEKIND "ROLE" to SUBJECT
//   SUBJECT: User "NAME" | Group "NAME" | ServiceAccount "NAME/NAMESPACE"
//
// and managed clusters' authorizers write the same sentence behind another name (EKS Access Policy: allowed by ...).
#include "event/transforms.h"

#include <string.h>

enum { AUTHORIZER_MAX_BYTES = 40 };

struct reason_part {
    struct str kind, name; // name: NAME or NAME/NAMESPACE, unquoted
};

struct reason {
    struct reason_part binding, role, subject;
};

static bool take(struct str *rest, struct str literal)
{
    if (!str_starts(*rest, literal))
        return false;
    *rest = str_slice(*rest, literal.len, rest->len);
    return true;
}

// The text of a Go-quoted string; names that need escapes other than \" and \\ are kept as they are written.
static bool take_quoted(struct str *rest, struct arena *a, struct str *out)
{
    if (!take(rest, STR("\"")))
        return false;
    size_t end = 0;
    bool escaped = false;
    while (end < rest->len && rest->ptr[end] != '"') {
        bool escape = rest->ptr[end] == '\\' && end + 1 < rest->len;
        escaped |= escape;
        end += escape ? 2 : 1;
    }
    if (end >= rest->len)
        return false;
    *out = str_slice(*rest, 0, end);
    *rest = str_slice(*rest, end + 1, rest->len);
    if (!escaped)
        return true;
    char *plain = arena_try(a, out->len);
    size_t n = 0;
    for (size_t i = 0; plain && i < out->len; i++) {
        if (out->ptr[i] == '\\' && i + 1 < out->len && (out->ptr[i + 1] == '"' || out->ptr[i + 1] == '\\'))
            i++;
        plain[n++] = out->ptr[i];
    }
    *out = str_make(plain, n);
    return plain != NULL;
}

static bool take_part(struct str *rest, struct arena *a, struct reason_part *out)
{
    size_t space = str_find_char(*rest, ' ', 0);
    if (space == SIZE_MAX)
        return false;
    out->kind = str_slice(*rest, 0, space);
    *rest = str_slice(*rest, space + 1, rest->len);
    return take_quoted(rest, a, &out->name);
}

static bool reason_parse(struct str s, struct arena *a, struct reason *out)
{
    static const struct str verdict = {": allowed by ", 13};
    size_t at = str_find(s, verdict, 0);
    if (!s.ptr || at == SIZE_MAX || at > AUTHORIZER_MAX_BYTES)
        return false;
    struct str rest = str_slice(s, at + verdict.len, s.len);
    return take_part(&rest, a, &out->binding) && take(&rest, STR(" of ")) && take_part(&rest, a, &out->role) && take(&rest, STR(" to ")) &&
           take_part(&rest, a, &out->subject);
}

static char *append(char *at, struct str s)
{
    memcpy(at, s.ptr, s.len);
    return at + s.len;
}

// KIND/NAME, or KIND/NAMESPACE/NAME of a namespaced thing.
static void emit_part(const struct reason_part *part, bool namespaced, struct transform_out *out)
{
    size_t slash = part->name.len; // a namespace has no slash, so the last one divides
    while (namespaced && slash > 0 && part->name.ptr[slash - 1] != '/')
        slash--;
    namespaced = namespaced && slash > 0;
    size_t len = part->kind.len + 1 + part->name.len;
    char *text = arena_try(out->arena, len);
    if (!text) {
        transform_emit(out, STR_NONE);
        return;
    }
    char *at = append(append(text, part->kind), STR("/"));
    if (namespaced) {
        at = append(append(at, str_slice(part->name, slash, part->name.len)), STR("/"));
        append(at, str_slice(part->name, 0, slash - 1));
    } else {
        append(at, part->name);
    }
    transform_emit(out, str_make(text, len));
}

void transform_authz_binding(struct str in, struct transform_out *out)
{
    struct reason r;
    if (reason_parse(in, out->arena, &r))
        emit_part(&r.binding, str_eq(r.binding.kind, STR("RoleBinding")), out);
}

void transform_authz_role(struct str in, struct transform_out *out)
{
    struct reason r;
    if (reason_parse(in, out->arena, &r))
        emit_part(&r.role, false, out);
}

void transform_authz_subject(struct str in, struct transform_out *out)
{
    struct reason r;
    if (reason_parse(in, out->arena, &r))
        emit_part(&r.subject, str_eq(r.subject.kind, STR("ServiceAccount")), out);
}

// apiserver/pkg/authentication/serviceaccount: SplitUsername
static bool service_account_parse(struct str in, struct str *namespace, struct str *name)
{
    struct str rest = in;
    if (!in.ptr || !take(&rest, STR("system:serviceaccount:")))
        return false;
    *namespace = str_split(&rest, ':');
    *name = rest;
    return namespace->len && name->len && str_find_char(*name, ':', 0) == SIZE_MAX;
}

void transform_sa_namespace(struct str in, struct transform_out *out)
{
    struct str namespace, name;
    if (service_account_parse(in, &namespace, &name))
        transform_emit(out, namespace);
}

void transform_sa_name(struct str in, struct transform_out *out)
{
    struct str namespace, name;
    if (service_account_parse(in, &namespace, &name))
        transform_emit(out, name);
}
