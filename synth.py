"""The cdk8s app of chores-tracker: ``python synth.py --version v3.1.0`` renders it into ``dist/``.

It is an ordinary cdk8s app: whatever else a cdk8s App can hold goes into `build`, beside our component.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chores_infra.cli.synth import synth_app

if TYPE_CHECKING:
    import cdk8s

    from chores_infra.app import Target


def build(target: Target) -> cdk8s.App:
    """Make the cdk8s App for one environment and one release."""
    # Imported here, while Node.js starts in the background; --help and a wrong version need neither.
    from chores_infra.apps.chores_tracker import ChoresTracker
    from chores_infra.hosts.cdk8s import App  # cdk8s's own, once Node.js was found

    app = App()
    ChoresTracker(app, "chores-tracker", ChoresTracker.configure(target))
    return app


if __name__ == "__main__":
    synth_app("chores_infra.apps.chores_tracker:ChoresTracker", build)
