"""Registries that tests start: moto's server for AWS ECR."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
import pytest

ECR = "852893458518.dkr.ecr.us-east-2.amazonaws.com/chores-tracker"


@pytest.fixture(scope="session")
def moto() -> Iterator[str]:
    """The address of a server that answers as AWS does, for the account of chores-tracker's images."""
    os.environ["MOTO_ACCOUNT_ID"] = ECR.partition(".")[0]  # read when moto is imported
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def ecr(moto: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A client of the account that chores-tracker's images are in, with its repository made."""
    for name, value in {
        "AWS_ENDPOINT_URL": moto,
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_CONFIG_FILE": "/nonexistent",
        "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    client = boto3.session.Session().client("ecr", region_name="us-east-2")
    client.create_repository(repositoryName="chores-tracker")
    yield client
    client.delete_repository(repositoryName="chores-tracker", force=True)


def push(client: Any, content: str, *tags: str) -> str:
    """Push an image that is told from others by its content; answers its digest."""
    config, layer = (
        {"mediaType": f"application/vnd.oci.image.{kind}", "size": 2, "digest": digest_of(content + kind)}
        for kind in ("config.v1+json", "layer.v1.tar")
    )
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": config,
        "layers": [layer],
    }
    answers = [
        client.put_image(repositoryName="chores-tracker", imageManifest=json.dumps(manifest), imageTag=tag)
        for tag in tags
    ]
    return str(answers[-1]["image"]["imageId"]["imageDigest"])


def digest_of(content: str) -> str:
    return "sha256:" + hashlib.sha256(content.encode()).hexdigest()


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """The address of a server in this process, on loopback."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
