"""What changed between two sets of manifests, and how risky it is.

- :func:`compare` answers a :class:`Comparison`: plain data, without the value of any secret.
- :func:`folded` makes one entry of the same change in many objects, and :func:`unfolded` undoes that.

>>> manifest = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
>>> bool(compare([Located(manifest)], [Located(manifest)]))
False
"""

from chores_infra.diff.comparing import compare
from chores_infra.diff.folding import Folded, folded, unfolded
from chores_infra.diff.model import (
    ABSENT,
    ChangeClass,
    Comparison,
    Effect,
    FieldChange,
    Identity,
    Item,
    Located,
    ResourceChange,
    What,
)

__all__ = [
    "ABSENT",
    "ChangeClass",
    "Comparison",
    "Effect",
    "FieldChange",
    "Folded",
    "Identity",
    "Item",
    "Located",
    "ResourceChange",
    "What",
    "compare",
    "folded",
    "unfolded",
]
