"""Evaluate ``apps.jsonnet`` over the apps and print its YAML: ``jsonnet_app.py apps.json``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import rjsonnet

PROGRAM = Path(__file__).with_name("apps.jsonnet")


def main() -> None:
    (apps_file,) = sys.argv[1:]
    apps = Path(apps_file).read_text(encoding="utf-8")
    # What is evaluated is a text (YAML), which comes as JSON as everything does.
    sys.stdout.write(json.loads(rjsonnet.evaluate_file(str(PROGRAM), ext_vars={"apps": apps})))


if __name__ == "__main__":
    main()
