"""Write finished texts into files and do nothing else: ``files_only.py TEXTS.json OUT``."""

import json
import os
import sys

texts, out = sys.argv[1:]
with open(texts, encoding="utf-8") as stream:  # noqa: PTH123  (pathlib would cost more than the reading)
    files = json.load(stream)
for folder in sorted({path.rpartition("/")[0] for path in files}):
    os.makedirs(f"{out}/{folder}")  # noqa: PTH103
for path, text in files.items():
    file = os.open(f"{out}/{path}", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    os.write(file, text.encode())
    os.close(file)
