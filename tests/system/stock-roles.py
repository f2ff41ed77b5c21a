#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""stock-roles.py FOLDER: the roles and bindings of fresh clusters, a folder for each version that rules/bootstrap knows and one beyond either end."""
import importlib.machinery
import importlib.util
import json
import pathlib
import sys

root = pathlib.Path(__file__).resolve().parent.parent.parent
loader = importlib.machinery.SourceFileLoader("bootstrap_policy", str(root / "scripts" / "bootstrap-policy"))
sys.dont_write_bytecode = True
tool = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
loader.exec_module(tool)

text = tool.FILE.read_text()
policy = tool.Policy(text)
if policy.text() != text:
    sys.exit("rules/bootstrap/kubernetes.yml is not laid out as scripts/bootstrap-policy does it")
for minor in [policy.oldest - 1, *range(policy.oldest, policy.newest + 1), policy.newest + 4]:
    folder = pathlib.Path(sys.argv[1]) / f"1.{minor}"
    folder.mkdir(parents=True)
    (folder / "roles.json").write_text(json.dumps(tool.stock(policy, minor)))
    node = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n"}, "status": {"nodeInfo": {"kubeletVersion": f"v1.{minor}.1"}}}
    (folder / "node.json").write_text(json.dumps(node))
