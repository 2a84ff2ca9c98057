"""Releases: which version each environment runs, and the way it gets there."""
