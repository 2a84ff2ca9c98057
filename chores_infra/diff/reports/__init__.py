"""Comparisons as text for a terminal, as JSON, and as JSON Patches."""
