# SPDX-License-Identifier: Apache-2.0
"""An API server that is as good or as bad as a test wants it: discovery, paged lists, metadata alone, watches, and hooks for everything else."""
import base64
import gzip
import http.server
import json
import socket
import ssl
import threading
import time
import urllib.parse

# What it serves: (group, version, plural, kind).
KINDS = [("", "v1", n, k) for n, k in [("namespaces", "Namespace"), ("secrets", "Secret"), ("serviceaccounts", "ServiceAccount"), ("pods", "Pod"),
                                       ("configmaps", "ConfigMap"), ("services", "Service"), ("nodes", "Node"), ("endpoints", "Endpoints")]]
KINDS += [("rbac.authorization.k8s.io", "v1", k.lower() + "s", k) for k in ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"]]
KINDS += [("apps", "v1", "deployments", "Deployment"), ("networking.k8s.io", "v1", "networkpolicies", "NetworkPolicy"),
          ("certificates.k8s.io", "v1", "certificatesigningrequests", "CertificateSigningRequest"),
          ("networking.istio.io", "v1beta1", "virtualservices", "VirtualService"), ("networking.istio.io", "v1beta1", "gateways", "Gateway")]


def api_version(group, version):
    return f"{group}/{version}" if group else version


def base(group, version):
    return f"/apis/{group}/{version}" if group else f"/api/{version}"


class Cluster:
    """Objects by plural; hooks by path: a hook gets the handler and does all the answering unless it gives None."""

    def __init__(self, objects, page=None, prefix="", release=None):
        self.objects, self.page, self.prefix, self.release = objects, page, prefix, release
        self.hooks, self.requests = {}, []
        self.version, self.oldest, self.log = 7, 0, []  # log: (version, plural, type, object); what is before `oldest` is not known any more
        self.news = threading.Condition()

    def change(self, kind, plural, item):
        """ADDED, MODIFIED or DELETED: to the objects, and to whoever watches them."""
        def name(i):
            return i["metadata"].get("namespace"), i["metadata"]["name"]
        with self.news:
            self.version += 1
            kept = [i for i in self.objects.get(plural, []) if name(i) != name(item)]
            self.objects[plural] = kept if kind == "DELETED" else kept + [item]
            self.log.append((self.version, plural, kind, item))
            self.news.notify_all()

    def forget(self):
        """Watches end, and what happened before now is not known any more."""
        with self.news:
            self.version, self.oldest = self.version + 20, self.version + 10
            self.news.notify_all()

    def watch(self, handler, path, query):
        """Streams what happens to a list until the time that the client asked for is over."""
        group, version, plural, kind = next(k for k in KINDS if path.endswith("/" + k[2]) and path.startswith(base(k[0], k[1]) + "/"))
        seen, until = int(query["resourceVersion"][0]), time.monotonic() + float(query["timeoutSeconds"][0])
        metadata = "as=PartialObjectMetadata;" in handler.headers.get("Accept", "")
        handler.stream()
        if seen < self.oldest:
            handler.event("ERROR", {"kind": "Status", "code": 410, "reason": "Expired", "message": "too old resource version"})
            return
        while time.monotonic() < until:
            with self.news:
                self.news.wait_for(lambda: self.version > seen, max(0, until - time.monotonic()))
                if seen < self.oldest:
                    return
                new, seen = [e for e in self.log if e[0] > seen and e[1] == plural], self.version
            for number, _, change, item in new:
                what = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1"} if metadata else {"kind": kind, "apiVersion": api_version(group, version), **item}
                handler.event(change, {**what, "metadata": {**item["metadata"], "resourceVersion": str(number)}})
            handler.event("BOOKMARK", {"kind": kind, "apiVersion": api_version(group, version), "metadata": {"resourceVersion": str(seen)}})

    def answer(self, path, query):
        if path == "/version":
            return {"major": "", "minor": "", "gitVersion": self.release} if self.release else None
        if path == "/apis":
            groups = {}
            for group, version, _, _ in KINDS:
                if group:
                    groups.setdefault(group, set()).add(version)
            return {"kind": "APIGroupList", "apiVersion": "v1",
                    "groups": [{"name": g, "versions": [{"groupVersion": f"{g}/{v}", "version": v} for v in vs]} for g, vs in groups.items()]}
        for group, version, plural, kind in KINDS:
            if path == base(group, version):
                return {"kind": "APIResourceList", "groupVersion": api_version(group, version),
                        "resources": [{"name": p, "kind": k, "verbs": ["get", "list"]} for g, v, p, k in KINDS if (g, v) == (group, version)]}
            if path == f"{base(group, version)}/{plural}":
                return self.list(group, version, plural, kind, query)
            start, _, rest = path.partition("/namespaces/")
            namespace, _, name = rest.partition("/")
            if start == base(group, version) and name == plural:
                return self.list(group, version, plural, kind, query, namespace)
            if start == base(group, version) and plural == "namespaces" and not name:
                return next((dict(i, kind=kind, apiVersion="v1") for i in self.objects.get(plural, []) if i["metadata"]["name"] == namespace), None)
        return None

    def list(self, group, version, plural, kind, query, namespace=None):
        items = [i for i in self.objects.get(plural, []) if namespace is None or i["metadata"].get("namespace", "default") == namespace]
        for selector in query.get("fieldSelector", [""])[0].split(","):
            if selector.startswith("type!="):
                items = [i for i in items if i.get("type", "Opaque") != selector[6:]]
            elif selector.startswith("type="):
                items = [i for i in items if i.get("type", "Opaque") == selector[5:]]
            elif selector.startswith("metadata.name="):
                items = [i for i in items if i["metadata"]["name"] == selector[14:]]
        limit = min(int(query.get("limit", ["500"])[0]), self.page or 500)
        start = int(query.get("continue", ["0"])[0])
        metadata = {"resourceVersion": str(self.version)}
        if start + limit < len(items):
            metadata["continue"] = str(start + limit)
        # As Go writes it: items of a list do not say what they are.
        return {"kind": kind + "List", "apiVersion": api_version(group, version), "metadata": metadata,
                "items": [{k: v for k, v in i.items() if k not in ("kind", "apiVersion")} for i in items[start:start + limit]]}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # the head and the body are two writes: the second would wait for the client's delayed ACK, 40 ms per answer

    def log_message(self, *_):
        pass

    def send(self, code, body, headers=(), text=None):
        data = text if text is not None else json.dumps(body).encode()
        self.send_response(code)
        if "gzip" in self.headers.get("Accept-Encoding", "") and text is None:
            data = gzip.compress(data)
            self.send_header("Content-Encoding", "gzip")
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def stream(self):
        """The head of an answer that ends with its connection."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.flush()

    def event(self, kind, item):
        self.wfile.write(json.dumps({"type": kind, "object": item}).encode() + b"\n")
        self.wfile.flush()

    def refuse(self, code, reason, message="", headers=(), **more):
        self.send(code, {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": reason, "code": code, "message": message, **more}, headers)

    def do_GET(self):
        cluster = self.server.cluster
        url = urllib.parse.urlsplit(self.path)
        query = urllib.parse.parse_qs(url.query)
        path = url.path[len(cluster.prefix):] if url.path.startswith(cluster.prefix) else "?"
        cluster.requests.append((self.command, path, query, dict(self.headers.items()), list(self.headers.items())))
        try:
            for known, hook in cluster.hooks.items():
                if path == known or known == "*":
                    if hook(self, path, query) is not None:
                        return
            if query.get("watch") == ["true"]:
                cluster.watch(self, path, query)
                self.close_connection = True
                return
            body = cluster.answer(path, query)
            if body is None:
                self.refuse(404, "NotFound", "the server could not find the requested resource")
                return
            if "as=PartialObjectMetadataList" in self.headers.get("Accept", ""):
                body = {"kind": "PartialObjectMetadataList", "apiVersion": "meta.k8s.io/v1", "metadata": body["metadata"],
                        "items": [{"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": i["metadata"]} for i in body["items"]]}
            self.send(200, body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_GET


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # a watch for each list comes at once

    def __init__(self, cluster, tls=None, port=0):
        super().__init__(("127.0.0.1", port), Handler)
        self.cluster, self.port = cluster, self.server_address[1]
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        pass  # clients that go away are what is tested


def hold_port(port):
    """A socket that keeps others from taking the port of a server that is gone for a while: nobody listens there."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", port))
    return held


def server_tls(certificate, key, clients=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    if clients:
        context.load_verify_locations(clients)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


def pump(a, b):
    try:
        while data := a.recv(65536):
            b.sendall(data)
    except OSError:
        pass
    for s in (a, b):
        try:
            s.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass


class Proxy:
    """CONNECT and SOCKS5, to the port that is asked for, always on this machine."""

    def __init__(self, kind):
        self.kind, self.asked, self.authorization = kind, [], None
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            client, _ = self.socket.accept()
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        host, port = self.connect(client) if self.kind == "http" else self.socks(client)
        self.asked.append((host, port))
        with socket.create_connection(("127.0.0.1", port)) as server:
            for side in (client, server):
                side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n" if self.kind == "http" else b"\x05\x00\x00\x01\x00\x00\x00\x00\x00\x00")
            threading.Thread(target=pump, args=(client, server), daemon=True).start()
            pump(server, client)

    def connect(self, client):
        head = b""
        while b"\r\n\r\n" not in head:
            head += client.recv(4096)
        for line in head.split(b"\r\n"):
            if line.lower().startswith(b"proxy-authorization: basic "):
                self.authorization = base64.b64decode(line.split()[-1]).decode()
        host, _, port = head.split()[1].decode().rpartition(":")
        return host, int(port)

    @staticmethod
    def socks(client):
        def take(n):
            out = b""
            while len(out) < n:
                out += client.recv(n - len(out))
            return out
        take(take(2)[1])
        client.sendall(b"\x05\x00")
        kind = take(4)[3]
        host = take(take(1)[0]).decode() if kind == 3 else socket.inet_ntoa(take(4))
        return host, int.from_bytes(take(2), "big")
