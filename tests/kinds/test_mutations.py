"""2,000 mistakes in a real repository: what the schemas catch, and why they miss the rest."""

from __future__ import annotations

from pathlib import Path

from tests.kinds.mutations import documents, explained, mutations, run, table

DOCS = Path(__file__).parent.parent.parent / "docs" / "kinds.md"


def test_every_miss_is_explained_and_the_documentation_has_the_counts(shared: Path) -> None:
    caught, made, missed = run(shared / "corpus" / "2025-12" / "base-apps")
    assert sum(made.values()) == 2000
    assert [mutation[:2] for mutation in missed if not explained(mutation)] == []
    assert table(caught, made, missed) in DOCS.read_text("utf-8")


def test_a_seed_makes_the_same_mistakes_again(shared: Path) -> None:
    manifests = documents(shared / "corpus" / "2025-12" / "base-apps")
    first, second = (list(mutations(manifests, 25, seed=7)) for _ in range(2))
    assert first == second
