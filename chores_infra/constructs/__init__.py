"""Typed constructs (L2), one module per system."""
