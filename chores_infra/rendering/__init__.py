"""Manifests to YAML text to files, and YAML text back to values."""
