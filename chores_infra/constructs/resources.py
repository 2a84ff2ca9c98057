"""Compute resources of containers: what is reserved, and what is the most they get.

Source: https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated

from chores_infra.arguments import Problems, value_object
from chores_infra.constructs.parts import Part
from chores_infra.fields import Matching, Pairs, Quantity
from chores_infra.kinds.quantities import amount

__all__ = ["Resources", "amount"]

ResourceName = Annotated[
    str,
    Matching(
        r"cpu|memory|ephemeral-storage|hugepages-[0-9]+(?:[KMGTPE]i?|k|m)?"
        r"|[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?/[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?",
        317,
        "a resource: cpu, memory, ephemeral-storage, hugepages-<size>, or one of a device such as "
        "'nvidia.com/gpu'",
    ),
]


@value_object
class Resources(Part):
    """What a container reserves (``requests``) and the most it gets (``limits``), as quantities.

    Cores for ``cpu`` (``"250m"`` is a quarter), bytes for ``memory`` and ``ephemeral-storage``.

    >>> Resources(requests={"cpu": "100m"}, limits={"memory": "128Mi"}).fields()
    {'requests': {'cpu': '100m'}, 'limits': {'memory': '128Mi'}}
    """

    requests: Pairs[ResourceName, Quantity] | None = None
    limits: Pairs[ResourceName, Quantity] | None = None

    def check(self, problems: Problems) -> None:
        """Hold every amount to its unit, and requests to limits."""
        requests = self._amounts("requests", problems)
        limits = self._amounts("limits", problems)
        for name, limit in limits.items():
            request = requests.get(name)
            if request is None:
                continue
            if request > limit:
                problems.add(
                    f"requests.{name}",
                    f"expected at most the limit of {(self.limits or {})[name]}, "
                    f"found {(self.requests or {})[name]!r}",
                )
            elif request != limit and _is_indivisible(name):
                problems.add(f"requests.{name}", "expected the same as its limit: it cannot be overcommitted")
        problems_of_requests = [name for name in requests if _is_indivisible(name) and name not in limits]
        for name in problems_of_requests:
            problems.add(f"limits.{name}", "expected the same as its request: it cannot be overcommitted")

    def _amounts(self, argument: str, problems: Problems) -> dict[str, Fraction]:
        amounts = {}
        for name, quantity in (getattr(self, argument) or {}).items():
            try:
                found = amount(quantity)
            except ValueError as error:
                problems.add(f"{argument}.{name}", str(error))
                continue
            if wrong := _why_not(name, quantity, found):
                problems.add(f"{argument}.{name}", f"expected {wrong}, found {quantity!r}")
            else:
                amounts[name] = found
        return amounts


def _is_indivisible(name: str) -> bool:
    """Huge pages and devices: whole, and never promised twice."""
    return "/" in name or name.startswith("hugepages-")


def _why_not(name: str, quantity: str, found: Fraction) -> str | None:
    if found < 0:
        return "no negative amount"
    if name == "cpu":
        return None if (found * 1000).denominator == 1 else "whole thousandths of a core, such as '250m'"
    if found.denominator != 1:
        hint = f", such as '{quantity[:-1]}Mi' ('m' is a thousandth)" if quantity.endswith("m") else ""
        return f"whole {'devices' if '/' in name else 'bytes'}{hint if '/' not in name else ''}"
    return None
