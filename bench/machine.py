"""The facts that a table of measurements stands or falls with."""

from __future__ import annotations

import os
import platform
from pathlib import Path

import tools


def facts() -> dict[str, str]:
    """What was measured where: machine, interpreters and every peer's version, or ``absent``."""
    return {
        "CPU": f"{_processor()}, {_cores()}",
        "system": f"{platform.system()} {platform.release()}",
        "Python": platform.python_version(),
        "Node.js": tools.say("node", "--version"),
        "cdk8s (Python)": _packages(tools.python_package, "cdk8s", "cdk8s-plus-33", "constructs", "jsii"),
        "cdk8s (JavaScript)": _packages(tools.npm_package, "cdk8s", "cdk8s-plus-33", "constructs"),
        "helm": tools.say("helm", "version", "--short"),
        "kubectl": " ".join(tools.say("kubectl", "version", "--client").split()),
        "kustomize": tools.say("kustomize", "version"),
        "kubeconform": _kubeconform(),
        "Python libraries": _packages(tools.python_package, "rjsonnet", "kubernetes", "kubernetes-validate"),
        "chores_infra": f"{_commit()}, {_packages(tools.python_package, 'pydantic', 'PyYAML')}",
    }


def load() -> str:
    """How busy the machine was during the last minute; much more than one means doubtful figures."""
    return f"{os.getloadavg()[0]:.2f}"


def _commit() -> str:
    folder = str(Path(__file__).parent)
    commit = tools.say("git", "-C", folder, "describe", "--always", "--dirty", "--exclude=*")
    return f"commit {commit}" if commit else f"version {tools.python_package('chores-infra')}"


def _kubeconform() -> str:
    """What ``-v`` says, or for a program of ``go install``, which says nothing, the version of its module."""
    said = tools.say("kubeconform", "-v")
    path = tools.find("kubeconform")
    built = tools.say("go", "version", "-m", path).split() if path else []
    return built[built.index("mod") + 2] if "mod" in built else said


def _packages(version: tools.VersionOf, *names: str) -> str:
    return ", ".join(f"{name} {version(name) or 'absent'}" for name in names)


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.is_file():
        for line in information.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _cores() -> str:
    if hasattr(os, "sched_getaffinity"):
        return f"{len(os.sched_getaffinity(0))} of {os.cpu_count()} cores used"
    return f"{os.cpu_count()} cores"
