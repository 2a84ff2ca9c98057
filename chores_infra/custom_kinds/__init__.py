"""Kinds of a user's own CustomResourceDefinitions: read, held to what the API server wants, made typed.

::

    files -> definitions -> checking -> kindgen -> package: schemas, types, the definitions themselves
"""

from __future__ import annotations
