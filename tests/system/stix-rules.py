#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""stix-rules.py BUNDLE: does a bundle keep the rules of STIX 2.1 (OASIS standard of 2021-06-10)? Those of the objects that davy writes:
required properties and no unknown ones, types of values, identifiers and references, relationships that section 4 and 5 define, no
empty lists, identifiers of observables as section 2.9 makes them, and patterns that parse."""
import json
import re
import sys
import uuid

COMMON = {"type", "spec_version", "id"}
AUTHORED = {"created_by_ref", "created", "modified", "labels", "external_references"}
# type: properties that must be there, properties that may
OBJECTS = {
    "identity": ({"name"}, {"description", "identity_class"}),
    "campaign": ({"name"}, {"description", "first_seen", "last_seen"}),
    "intrusion-set": ({"name"}, {"description", "first_seen", "last_seen"}),
    "attack-pattern": ({"name"}, {"description", "kill_chain_phases"}),
    "indicator": ({"pattern", "pattern_type", "valid_from"}, {"name", "description", "indicator_types", "pattern_version"}),
    "observed-data": ({"first_observed", "last_observed", "number_observed", "object_refs"}, set()),
    "course-of-action": ({"name"}, {"description"}),
    "report": ({"name", "published", "object_refs"}, {"description", "report_types"}),
    "relationship": ({"relationship_type", "source_ref", "target_ref"}, {"description"}),
}
OBSERVABLES = {
    "ipv4-addr": ({"value"}, set(), ["value"]),
    "ipv6-addr": ({"value"}, set(), ["value"]),
    "user-account": ({"user_id"}, {"is_service_account"}, ["account_type", "user_id", "account_login"]),
}
RELATIONSHIPS = {
    ("campaign", "targets", "identity"), ("campaign", "uses", "attack-pattern"), ("campaign", "attributed-to", "intrusion-set"),
    ("indicator", "indicates", "campaign"), ("indicator", "based-on", "observed-data"), ("course-of-action", "mitigates", "attack-pattern"),
}
NAME_SPACE = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")
TIME = re.compile(r"\d{4}-(0\d|1[0-2])-([0-2]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z")
IDENTIFIER = re.compile(r"([a-z0-9-]+)--[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
STRING = r"'(?:[^'\\]|\\'|\\\\)*'"
TERM = rf"[a-z0-9-]+:[a-z0-9_]+(?:\.(?:[a-z0-9_]+|{STRING}))* (?:= (?:{STRING}|\d+)|LIKE {STRING})"
PATTERN = re.compile(rf"\[{TERM}(?: AND {TERM})*\]", re.DOTALL)

complaints = []


def must(condition, where, what):
    if not condition:
        complaints.append(f"{where.get('id', '?')}: {what}")


def check_value(obj, key, value):
    if key.endswith("_refs"):
        must(len(set(value)) == len(value), obj, f"{key} names something twice")
    if isinstance(value, (list, dict)):
        must(len(value) > 0, obj, f"{key} is empty")
    if isinstance(value, str):
        must(value != "", obj, f"{key} is empty")
    if key in ("created", "modified", "published", "valid_from") or key.endswith(("_seen", "_observed")) and key != "number_observed":
        must(TIME.fullmatch(value), obj, f"{key} is no timestamp: {value}")


def check_observable(obj):
    needed, possible, identifying = OBSERVABLES[obj["type"]]
    must(needed <= obj.keys() <= needed | possible | COMMON, obj, f"properties {sorted(obj)}")
    values = {key: obj[key] for key in identifying if key in obj}
    canonical = json.dumps(values, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    must(obj["id"] == f"{obj['type']}--{uuid.uuid5(NAME_SPACE, canonical)}", obj, "not the identifier of its content")


def check_authored(obj, is_author):
    needed, possible = OBJECTS[obj["type"]]
    needed = needed | {"created", "modified"}
    must(needed <= obj.keys() <= needed | possible | COMMON | AUTHORED, obj, f"properties {sorted(obj)}")
    must(obj["created"] <= obj["modified"], obj, "modified before it was created")
    must(is_author or "created_by_ref" in obj, obj, "nobody created it")
    for first, last in (("first_seen", "last_seen"), ("first_observed", "last_observed")):
        must(obj.get(first, "") <= obj.get(last, "~"), obj, f"{last} before {first}")


def check_object(obj, types):
    must(obj["spec_version"] == "2.1", obj, "spec_version")
    match = IDENTIFIER.fullmatch(obj["id"])
    must(match and match[1] == obj["type"], obj, "identifier")
    for key, value in obj.items():
        check_value(obj, key, value)
        for ref in [value] if key.endswith("_ref") else value if key.endswith("_refs") else []:
            must(ref in types, obj, f"{key} dangles: {ref}")
    if obj["type"] in OBSERVABLES:
        check_observable(obj)
    else:
        check_authored(obj, obj["type"] == "identity" and obj["name"] == "Davy")
    if obj["type"] == "relationship":
        triple = types.get(obj["source_ref"]), obj["relationship_type"], types.get(obj["target_ref"])
        must(triple in RELATIONSHIPS, obj, f"no relationship of the standard: {triple}")
    if obj["type"] == "indicator":
        must(obj["pattern_type"] == "stix" and PATTERN.fullmatch(obj["pattern"]), obj, f"pattern {obj['pattern']}")
    if obj["type"] == "observed-data":
        must(1 <= obj["number_observed"] <= 999999999, obj, "number_observed")
        must(all(types.get(ref) in OBSERVABLES for ref in obj["object_refs"]), obj, "refers to what is no observable")
    for reference in obj.get("external_references", []):
        must({"source_name", "external_id"} <= reference.keys(), obj, "external reference")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        bundle = json.load(file)
    objects = bundle["objects"]
    must(bundle.keys() == {"type", "id", "objects"} and bundle["type"] == "bundle", bundle, "is no bundle")
    must(IDENTIFIER.fullmatch(bundle["id"]), bundle, "identifier")
    types = {obj["id"]: obj["type"] for obj in objects}
    must(len(types) == len(objects), bundle, "an object stands there twice")
    for obj in objects:
        if obj["type"] in OBJECTS or obj["type"] in OBSERVABLES:
            check_object(obj, types)
        else:
            must(False, obj, f"unknown type {obj['type']}")
    for complaint in complaints[:20]:
        print(complaint)
    sys.exit(1 if complaints else 0)


main()
