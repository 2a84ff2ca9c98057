"""Generates what ``chores_infra.kinds`` knows, from pinned API definitions.

::

    sources.toml -> sources -> openapi, crds -> model -> overlay -> writers: types, schemas, facts

``python -m chores_infra.kindgen --crds ../shared/crds`` regenerates the tree of this project; the
functions below it work on any folder of CustomResourceDefinitions.
"""

from __future__ import annotations
