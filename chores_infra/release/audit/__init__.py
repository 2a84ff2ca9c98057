"""Anomalies of versions: what tags, images and deployments say that cannot all be true, or should not be."""

from __future__ import annotations

from chores_infra.release.audit.facts import Facts
from chores_infra.release.audit.running import audit

__all__ = ["Facts", "audit"]
