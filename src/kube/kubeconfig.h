// SPDX-License-Identifier: Apache-2.0
// Kubeconfig files: which API server to ask, and as whom. Pure but for kubeconfig_load: text goes in, a target comes out; files that a
// target names are read by who connects.
//
//   text --kubeconfig_add--> entries, the first file's first --kubeconfig_choose (a context)--> target
//
// Source: k8s.io/client-go/tools/clientcmd/api/v1, and https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig
// for how several files become one. No diagnostic shows a line of such a file: it may hold a password.
#pragma once

#include "base/arena.h"
#include "base/diag.h"
#include "base/status.h"
#include "codec/yaml/yaml.h"

enum kube_interactive { KUBE_NEVER, KUBE_IF_AVAILABLE, KUBE_ALWAYS }; // whether a plugin may ask at the terminal

// A program that gives credentials: client.authentication.k8s.io.
struct kube_exec {
    struct str api_version; // as the plugin is told, v1 or v1beta1
    struct str command;     // with a slash: a path, relative ones resolved; otherwise to be found in PATH
    const struct str *arguments;
    size_t n_arguments;
    const struct str *environment; // NAME=VALUE
    size_t n_environment;
    enum kube_interactive interactive;
    bool cluster_info; // it is told which cluster it is for
    struct str config; // what the cluster's entry has for it, as JSON; ptr NULL: nothing
    struct str hint;   // how to install it; ptr NULL: not said
};

// What PEM is in, or where it is; data counts first. Both ptr NULL: none.
struct kube_pem {
    struct str data, file;
};

struct kube_extra {
    struct str name;
    const struct str *values;
    size_t n;
};

// Texts that are not given have ptr NULL.
struct kube_target {
    struct str cluster;  // name of its entry
    struct str server;   // http:// or https://, without a slash at its end, without user, query and fragment
    struct str tls_name; // the name its certificate must have, instead of the server's
    struct str proxy;    // http://, https://, socks5://
    bool insecure;       // its certificate is not looked at
    struct kube_pem ca;  // whom to trust, and nobody else; none: whom the system trusts
    struct kube_pem certificate, key;
    struct str token, token_file; // the file counts first, as it is when a request is made
    struct str username, password;
    const struct kube_exec *exec; // NULL: none, or what comes first is given: a token, a username
    struct {
        struct str user, uid;
        const struct str *groups;
        size_t n_groups;
        const struct kube_extra *extra;
        size_t n_extra;
    } as; // impersonated
};

struct kubeconfig;

[[nodiscard]] struct kubeconfig *kubeconfig_new(void);
void kubeconfig_free(struct kubeconfig *k);

// One file's text, copied. What an earlier file has said already counts. ST_INPUT when it is no kubeconfig.
[[nodiscard]] status kubeconfig_add(struct kubeconfig *k, struct yaml_source source, struct diags *diags);
[[nodiscard]] bool kubeconfig_is_empty(const struct kubeconfig *k); // no clusters, users, contexts, and none is current

// The target of a context; ptr NULL: of the current one. Lives as long as k. ST_INPUT: no such context, or something about it is wrong.
[[nodiscard]] status kubeconfig_choose(struct kubeconfig *k, struct str context, struct kube_target *out, struct diags *diags);

// Where kubectl would look. All may have ptr NULL.
struct kube_places {
    struct str file; // --kubeconfig: this file alone, and it must be there
    struct str list; // $KUBECONFIG: files, parted by colons; those that are not there are passed by
    struct str home; // $HOME: .kube/config, when there is no list
    // In a pod:
    struct str host, port; // $KUBERNETES_SERVICE_HOST, $KUBERNETES_SERVICE_PORT
    struct str account;    // folder with token and ca.crt
};

// Reads the files. ST_IO, ST_LIMIT, ST_INPUT; nothing at all to read is an empty kubeconfig.
[[nodiscard]] status kubeconfig_load(struct kubeconfig *k, const struct kube_places *places, struct diags *diags);

// The target that places lead to: that of a kubeconfig or, if there is none, that of the pod we run in, called in-cluster. ST_USAGE:
// neither.
[[nodiscard]] status kube_find(struct kubeconfig *k, const struct kube_places *places, struct str context, struct kube_target *out,
                               struct diags *diags);
