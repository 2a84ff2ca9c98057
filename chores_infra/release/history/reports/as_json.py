"""A history for programs; ``docs/history.md`` describes each field."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from chores_infra.release.history.events import Event, Move, Quarantined, Running
from chores_infra.release.history.figures import Figures
from chores_infra.release.history.images import Image, Key
from chores_infra.release.history.moments import utc
from chores_infra.release.history.report import Moment, Report

__all__ = ["moment_as_json", "report_as_json"]


def report_as_json(report: Report) -> str:
    """Everything that is shown."""
    history = report.history
    data = {
        "app": history.app,
        "complete": not history.is_partial,
        "begins": None if history.begins_at is None else utc(history.begins_at),
        "environments": _environments(report.running),
        "events": [_event(event) for event in report.events],
        "more": report.more,
        "quarantines": [_quarantine(each) for each in history.quarantines],
        "figures": [_figures(each) for each in report.figures],
        "warnings": list(report.warnings),
    }
    return json.dumps(data, indent=2)


def moment_as_json(moment: Moment) -> str:
    """What ran then."""
    data = {
        "app": moment.app,
        "at": utc(moment.at),
        "known": moment.is_known,
        "environments": _environments(moment.running),
        "quarantines": [_quarantine(each) for each in moment.quarantines],
        "warnings": list(moment.warnings),
    }
    return json.dumps(data, indent=2)


def _environments(running: Mapping[str, Running]) -> list[dict[str, Any]]:
    return [
        {
            "environment": name,
            "running": [
                {**_container(key), "version": now.versions[key], **_image(image)}
                for key, image in now.images.items()
            ],
            "since": None
            if now.since is None
            else {"commit": now.since.commit, "date": utc(now.since.committed_at)},
        }
        for name, now in running.items()
    ]


def _event(event: Event) -> dict[str, Any]:
    return {
        "commit": event.commit,
        "date": utc(event.committed_at),
        "action": event.action.value,
        "environment": event.environment or None,
        "changes": [_move(move) for move in event.moves],
        "author": event.author,
        "authors": list(event.authors) or [event.author],
        "subject": event.subject,
        "notes": [note._asdict() for note in event.notes],
    }


def _move(move: Move) -> dict[str, Any]:
    return {
        "action": move.action.value,
        "before": move.before,
        "after": move.after,
        "imageBefore": None if move.image_before is None else _image(move.image_before),
        "imageAfter": None if move.image_after is None else _image(move.image_after),
        "containers": [_container(key) for key in move.containers],
    }


def _container(key: Key) -> dict[str, str]:
    return {"object": key[0], "container": key[1]}


def _image(image: Image) -> dict[str, str | None]:
    return {"image": image.repository, "tag": image.tag or None, "digest": image.digest or None}


def _quarantine(quarantined: Quarantined) -> dict[str, str | None]:
    return {
        "version": quarantined.version,
        "reason": quarantined.reason,
        "from": utc(quarantined.since),
        "to": None if quarantined.until is None else utc(quarantined.until),
    }


def _figures(found: Figures) -> dict[str, Any]:
    return {
        "environment": found.environment,
        "from": utc(found.since),
        "to": utc(found.until),
        "deployments": found.deployments,
        "rollbacks": found.rollbacks,
        "deploymentsPerWeek": round(found.per_week, 3),
        "rolledBack": found.rolled_back,
        "rollbackRate": None if found.rollback_rate is None else round(found.rollback_rate, 4),
        "timeToRestoreSeconds": found.restored_after,
        "leadTimeSeconds": found.lead_time,
        "leadTimeDeployments": found.lead_times,
    }
