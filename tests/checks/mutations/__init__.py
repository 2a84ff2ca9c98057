"""Mistakes, made one at a time in real repositories and in a synthetic one, and what the checks find of them.

    CHORES_INFRA_SHARED=../shared python -m tests.checks.mutations

writes the table of ``docs/validate.md``. Everything is seeded, so that two runs are one.
"""
