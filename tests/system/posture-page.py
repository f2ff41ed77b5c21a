#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Is the page of `davy posture --format html` self-contained and inert whatever objects are called, and does it say what the JSON says?

posture-page.py DAVY
"""

import base64
import hashlib
import html.parser
import json
import pathlib
import re
import subprocess
import sys
import tempfile

HOSTILE = {
    "markup": "Q7</td></style><script>alert(1)</script><img src=x onerror='alert(1)'>\" onclick=\"x' &lt;",
    "terminal escapes": "Q7\x1b[2J\x1b]0;owned\x07Q7",
    "invisible characters": "Q7\u202egpj.\u2066\u200b\ufeff\u2028\U000e0041Q7",
    "NUL": "Q7\0Q7",
    "a megabyte": "Q7" + "a<" * (1 << 19),
}
BAD_CHARACTERS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")


def objects(name, privileged=True):
    """A little of everything, with `name` wherever a name may stand."""
    pod = {"containers": [{"name": name, "image": name, "ports": [{"containerPort": 80}], "securityContext": {"privileged": privileged}}], "serviceAccountName": name}
    labels = {"app": "a", "k8s-app": "kubernetes-dashboard"}
    meta = {"name": name, "namespace": name}
    rbac = "rbac.authorization.k8s.io/v1"
    everything = [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}]
    return [
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": meta, "spec": {"template": {"metadata": {"labels": labels}, "spec": pod}}},
        {"apiVersion": "v1", "kind": "Service", "metadata": meta, "spec": {"type": "LoadBalancer", "ports": [{"port": 80}], "selector": {"app": "a"}}},
        {"apiVersion": rbac, "kind": "ClusterRole", "metadata": {"name": name}, "rules": everything},
        {"apiVersion": rbac, "kind": "ClusterRoleBinding", "metadata": {"name": name}, "roleRef": {"kind": "ClusterRole", "name": name},
         "subjects": [{"kind": "User", "name": "system:anonymous"}, {"kind": "User", "name": name}]},
        {"apiVersion": "v1", "kind": "Config", "clusters": [{"name": name, "cluster": {"server": "http://" + name}}], "users": []},
    ]  # fmt: skip


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.text, self.ids, self.links = set(), [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        if (tag, attrs) != ("span", [("class", "x")]) and (tag, attrs) != ("span", [("class", "cut")]):
            self.tags.add((tag, tuple(name for name, _ in attrs)))
        for name, value in attrs:
            if name == "id":
                self.ids.append(value)
            if name in ("href", "src"):
                self.links.append(value)

    def handle_data(self, data):
        self.text.append(data)

    def handle_comment(self, data):
        self.tags.add(("comment", data))


class Test:
    def __init__(self, davy, folder):
        self.davy, self.folder, self.points = davy, folder, 0

    def point(self, good, name, *why):
        self.points += 1
        print(f"{'ok' if good else 'not ok'} {self.points} - {name}", flush=True)
        for line in why if not good else ():
            print(f"#   {str(line)[:500]!r}")

    def write(self, name, items):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(map(json.dumps, items)) + "\n")
        return path

    def run(self, *arguments):
        done = subprocess.run([self.davy, "posture", "--fail-on", "never", *arguments], capture_output=True, check=False)
        return done.returncode, done.stdout.decode()

    def alone(self, text):
        """What makes a page self-contained: its policy allows its own style sheet and nothing else, and it refers to nothing outside."""
        style = re.search(r"<style>(.*?)</style>", text, re.S).group(1)
        allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        page = Page(text)
        return f"default-src 'none'; style-src 'sha256-{allowed}'" in text and all(
            link.startswith("#") and link[1:] in page.ids for link in page.links
        ) and len(set(page.ids)) == len(page.ids)  # fmt: skip

    def content(self):
        path = self.write("plain.json", objects("plain"))
        _, lines = self.run("-f", "json", "--cluster", "blue", path)
        code, text = self.run("-f", "html", "--cluster", "blue", path)
        page = Page(text)
        score = [json.loads(line) for line in lines.splitlines()][-1]
        bad = [control["id"] for control in score["controls"] if control["unhealthy"]]
        said = "".join(page.text)
        self.point(code == 0 and self.alone(text), "the page stands alone, and its links lead somewhere", code)
        self.point(f"Secure score {score['percent']:.0f}\u2009%" in said and f"{score['score']:.2f} of {score['max']:.0f} points" in said, "it says the score")
        self.point(bad and all(f"c1-{name}" in page.ids for name in bad), "and every control that is not kept", bad)
        rows = re.search(r"What to fix first.*?</table>", text, re.S).group(0)
        ranked = sorted((c for c in score["controls"] if c["unhealthy"]), key=lambda c: (-c["risk"], -c["gain"]))[:10]
        order = re.findall(r'href="#c1-([a-z-]+)"', rows)
        risk = {c["id"]: (c["risk"], c["gain"]) for c in ranked}
        self.point([risk.get(name) for name in order] == list(risk.values()), "what to fix first, by risk", order, risk)
        self.point("plain.json:1" in said and "1 exposed" in said, "where each was read, and what is exposed")
        self.point("Deployment plain/plain through Service plain/plain (LoadBalancer) is open" in said, "the ways in")
        self.point("CIS 5.1.1" in said and "https://kubernetes.io/docs/" in said, "sections and references")
        self.point("without a KubeletConfiguration" in said, "what was not assessed")

    def compared(self):
        old = self.folder / "old.jsonl"
        old.write_text(self.run("-f", "json", "--cluster", "blue", self.write("old.json", objects("plain", privileged=False)))[1])
        exempt = self.folder / "exempt.yaml"
        exempt.write_text("- {control: image-tag, object: '*', reason: 'Q9 <b>'}\n")
        _, text = self.run("-f", "html", "--cluster", "blue", "--compare", old, "--exemptions", exempt, self.folder / "plain.json")
        said = "".join(Page(text).text)
        self.point("1 new, 0 gone, 1 exempt since" in said and self.alone(text), "what changed", said[:3000])
        self.point("exempt (Q9 <b>)" in said and "&lt;b&gt;" in text, "what is exempt, with its reason")

    def fleet(self):
        self.write("fleet/red/o.json", objects("plain"))
        self.write("fleet/blue/o.json", objects("plain", privileged=False))
        _, text = self.run("-f", "html", self.folder / "fleet")
        page = Page(text)
        self.point("Over 2 clusters" in "".join(page.text), "a fleet has a score of its own")
        self.point({"cluster-1", "cluster-2"} <= set(page.ids) and self.alone(text), "a fleet: a table, and a part for each cluster", page.ids)
        many = [{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": f"p{i}", "namespace": "n"}, "spec": {"containers": [{"name": "c", "image": "i"}]}} for i in range(20000)]
        _, text = self.run("-f", "html", self.write("many.json", many))
        self.point(len(text) < 1 << 20 and "19,950 more" in "".join(Page(text).text), "a page has an end, and says what it leaves out", len(text))

    def hostile(self):
        tags = Page(self.run("-f", "html", self.folder / "plain.json")[1]).tags
        for what, name in HOSTILE.items():
            code, text = self.run("-f", "html", "--cluster", "Q7<b>", self.write("hostile.json", objects(name)))
            page = Page(text)
            more = page.tags - tags
            good = code == 0 and not BAD_CHARACTERS.search(text) and not more and "".join(page.text).count("Q7") > 20 and self.alone(text)
            self.point(good and len(text) < 1 << 20, f"inert: {what}", code, more, len(text))


with tempfile.TemporaryDirectory() as made:
    test = Test(sys.argv[1], pathlib.Path(made))
    test.content()
    test.compared()
    test.fleet()
    test.hostile()
    print(f"1..{test.points}")
