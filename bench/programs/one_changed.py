"""A fleet in which one app changes: ``one_changed.py prepare INPUTS``, and then ``one_changed.py change``.

``prepare`` makes the fleet in the current folder: the module of the tenants, and their names as data that a
function reads and hands over as parameters, the first of them with another host. ``change`` gives it its own.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

FLEET = """\
import json
from pathlib import Path

from tenants import Tenant


def fleet():
    for names in json.loads((Path(__file__).parent / "fleet.json").read_text(encoding="utf-8")):
        yield Tenant.named(names["name"], names=names)
"""


def prepare(inputs: Path) -> None:
    shutil.copy(inputs / "tenants.py", "tenants.py")
    apps = json.loads((inputs / "apps.json").read_text(encoding="utf-8"))["apps"]
    for names in apps:
        del names["prefix"]
    apps[0]["host"] = f"before-{apps[0]['host']}"
    write("fleet.json", json.dumps(apps))
    write("apps.json", json.dumps({"apps": []}))
    write("fleet.py", FLEET)
    write("chores-infra.toml", '[apps]\ntenants = "fleet:fleet"\n')


def change() -> None:
    apps = json.loads(Path("fleet.json").read_text(encoding="utf-8"))
    apps[0]["host"] = apps[0]["host"].removeprefix("before-")
    write("fleet.json", json.dumps(apps))


def write(name: str, text: str) -> None:
    Path(name).write_text(text, encoding="utf-8")


def main() -> int:
    match sys.argv[1:]:
        case ["prepare", inputs]:
            prepare(Path(inputs))
        case ["change"]:
            change()
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
