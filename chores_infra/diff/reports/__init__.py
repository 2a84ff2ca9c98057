"""Comparisons as text for a terminal, JSON and JSON Patches, a comment in Markdown, and a page."""
