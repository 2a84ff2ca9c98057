"""Where images are: AWS ECR, any OCI registry, or a saved list of ECR's, all asked in the same way."""

from __future__ import annotations

from chores_infra.release.registries.image import Image, Registry
from chores_infra.release.registries.opening import open_registry
from chores_infra.release.registries.repository import ImageRepository
from chores_infra.release.registries.resolving import Found, resolve

__all__ = ["Found", "Image", "ImageRepository", "Registry", "open_registry", "resolve"]
