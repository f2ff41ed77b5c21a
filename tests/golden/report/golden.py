#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""golden.py FAKE_REPORT TECHNIQUES SCHEMAS [--write]: are the reports of two recorded attacks, of hostile
incidents and of a campaign, in all formats, the ones that were reviewed by eye, does the NDJSON follow the published schemas, and is the page self-contained?

With --write the golden files are made anew: look at what changed before committing it.
"""

import base64
import hashlib
import html.parser
import json
import pathlib
import re
import subprocess
import sys

import jsonschema

HERE = pathlib.Path(__file__).parent
SCENARIOS = ["dashboard-miner", "anonymous-worm", "incidents", "campaign", "nothing"]
OUTPUTS = [("text", []), ("text", ["width=72", "least=high"]), ("json", []), ("html", [])]
SUFFIX = {"text": "txt", "json": "jsonl", "html": "html"}
VOID = {"meta", "br"}


def golden_file(scenario, form, options):
    return HERE / (".".join([scenario, *(o.replace("=", "-") for o in options)]) + "." + SUFFIX[form])


def first_difference(expected, actual):
    for number, (old, new) in enumerate(zip(expected.splitlines(), actual.splitlines()), 1):
        if old != new:
            return f"line {number}:\n  - {old}\n  + {new}"
    return "one has more lines than the other"


def check_schema(text, schemas):
    lines = [json.loads(line) for line in text.splitlines()]
    for number, line in enumerate(lines, 1):
        for error in schemas[line["kind"]].iter_errors(line):
            yield f"line {number}: {error.json_path}: {error.message}"
    if [line["kind"] for line in lines].count("summary") != 1 or lines[-1]["kind"] != "summary":
        yield "the last line, and no other, is the summary"
    if lines[-1]["alerts"] != [line["kind"] for line in lines].count("alert"):
        yield "the summary counts other alerts than there are lines"


class Page(html.parser.HTMLParser):
    """Elements are closed in order, and nothing is loaded, run or sent."""

    def __init__(self):
        super().__init__()
        self.open, self.wrong, self.ids, self.links = [], [], set(), set()
        self.policy = self.style = ""

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("script", "link", "img", "iframe", "object", "embed", "form", "base"):
            self.wrong.append(f"<{tag}>")
        for name, value in attrs:
            if name == "id":
                self.ids.add(value)
            elif name == "href" and value.startswith("#"):
                self.links.add(value[1:])
            elif name in ("href", "src", "style", "action") or name.startswith("on"):
                self.wrong.append(f"<{tag} {name}>")
        if ("http-equiv", "Content-Security-Policy") in attrs:
            self.policy = dict(attrs)["content"]

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes something else")

    def handle_data(self, data):
        if self.open and self.open[-1] == "style":
            self.style += data


def check_page(text):
    page = Page()
    page.feed(text)
    yield from page.wrong
    if page.open:
        yield f"left open: {page.open}"
    if page.links - page.ids:
        yield f"links to nowhere: {page.links - page.ids}"
    digest = base64.b64encode(hashlib.sha256(page.style.encode()).digest()).decode()
    if page.policy != f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'":
        yield f"the policy does not fit the page: {page.policy}"
    if re.search(r"url\(|@import", page.style):
        yield "the style sheet loads something"


def main():
    program, techniques, schema_folder = sys.argv[1:4]
    write = "--write" in sys.argv[4:]
    schemas = {}
    for kind in ("alert", "incident", "campaign", "summary"):
        schema = json.loads(pathlib.Path(schema_folder, f"{kind}.schema.json").read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        schemas[kind] = jsonschema.Draft202012Validator(schema)
    number = 0
    print(f"1..{len(SCENARIOS) * len(OUTPUTS)}")
    for scenario in SCENARIOS:
        for form, options in OUTPUTS:
            number += 1
            command = [program, form, techniques, str(HERE / f"{scenario}.yml"), *options]
            actual = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.decode()
            file = golden_file(scenario, form, options)
            if write:
                file.write_text(actual)
            expected = file.read_text()
            wrong = [] if actual == expected else ["differs from the golden file at " + first_difference(expected, actual)]
            if form == "json":
                wrong += check_schema(actual, schemas)
            if form == "html":
                wrong += check_page(actual)
            print("not ok" if wrong else "ok", number, "-", file.name)
            for line in "\n".join(wrong).splitlines():
                print("#", line)


main()
