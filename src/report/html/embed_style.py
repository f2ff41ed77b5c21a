#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""embed_style.py IN.css OUT.h: the style sheet of the HTML report as a C string, and its hash for the Content-Security-Policy."""

import base64
import hashlib
import json
import sys

source, target = sys.argv[1:]
with open(source, encoding="ascii") as file:
    style = "".join(line.strip() + "\n" for line in file if line.strip() and not line.strip().startswith("/*"))
digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
with open(target, "w", encoding="ascii") as file:
    file.write(f'#define PAGE_STYLE_SHA256 "{digest}"\n')
    file.write("static const char page_style[] =\n")
    file.writelines(f"    {json.dumps(line)}\n" for line in style.splitlines(keepends=True))
    file.write("    ;\n")
