"""Mistakes in the text of a file, before it is a manifest."""

from __future__ import annotations

from collections.abc import Iterator

from chores_infra.checks.repository import File
from tests.checks.mutations.ground import Ground
from tests.checks.mutations.mutation import Mutation, Replace
from tests.kinds.mutations import places

__all__ = ["text_mistakes"]


def text_mistakes(ground: Ground) -> Iterator[Mutation]:
    """Keys given twice, tabs, marks of a conflict, values that become something else."""
    for file in ground.context.repository.files:
        lines = ground.texts[file.shown].split("\n")
        if file.content.problems or not any(each.what.role.applies for each in file.documents):
            continue
        fields = set(_fields(file))
        for number, line in enumerate(lines, 1):
            text = line.strip()
            key, colon, value = text.partition(": ")
            if not colon or not value or text[0] in "-#{[\"'" or value[0] in "|>{[&*!#\"'" or "#" in text:
                continue
            indent = line[: len(line) - len(line.lstrip())]
            # A block of text may have such lines, too; those of mappings begin deeper than none.
            if (number, key) not in fields:
                continue
            again = (file.shown, number + 1)
            yield _of("text: key given twice", file.shown, number, f"{line}\n{line}", again)
            if indent:
                yield _of("text: tab", file.shown, number, f"\t{line.lstrip()}", (file.shown, number))
            mark = f"<<<<<<< HEAD\n{line}\n=======\n{line}\n>>>>>>> other"
            yield _of("text: marks of a conflict", file.shown, number, mark, (file.shown, number))
            if '"' in "".join(lines[number - 1 :]):
                continue  # which would close it
            open_quote = f'{indent}{key}: "{value}'
            yield _of("text: quote never closed", file.shown, number, open_quote, (file.shown, number))
        if lines[-1] == "":
            last = len(lines) - 1
            yield Mutation(
                "text: no newline at the end",
                file.shown,
                (Replace(file.shown, last, f"{lines[last - 1]}\0"),),
                ((file.shown, last),),
            )


def _fields(file: File) -> Iterator[tuple[int, str]]:
    """The lines of keys, and the keys."""
    for document, _ in file.documents:
        for path in places(document.value):
            yield document.position(path).line, str(path[-1])


def _of(family: str, file: str, line: int, text: str, place: tuple[str, int]) -> Mutation:
    return Mutation(family, f"{file}:{line}", (Replace(file, line, text),), (place,))
