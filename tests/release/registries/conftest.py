"""Registries that tests start: moto's server for AWS ECR, Debian's docker-registry, servers of their own."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import json
import os
import shutil
import socket
import subprocess
import tarfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

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


class DockerRegistry(NamedTuple):
    """A docker-registry that runs on this machine."""

    host: str

    @property
    def url(self) -> str:
        return f"http://{self.host}"

    def push(self, layout: Path, name: str, *tags: str, login: str | None = None) -> None:
        """Push the image of an OCI layout with skopeo."""
        logged_in = ["--dest-creds", login] if login else []
        for tag in tags:
            subprocess.run(
                ["skopeo", "copy", "--quiet", "--insecure-policy", "--dest-tls-verify=false"]  # noqa: RUF005
                + [*logged_in, f"oci:{layout}", f"docker://{self.host}/{name}:{tag}"],
                check=True,
                timeout=60,
                capture_output=True,
            )


@contextmanager
def docker_registry(folder: Path, settings: str = "") -> Iterator[DockerRegistry]:
    """Debian's docker-registry, which keeps what it has in a folder."""
    if not shutil.which("docker-registry") or not shutil.which("skopeo"):
        pytest.skip("the programs docker-registry and skopeo are not on PATH")
    with socket.create_server(("127.0.0.1", 0)) as free:
        host = f"127.0.0.1:{free.getsockname()[1]}"
    configuration = folder / "config.yml"
    configuration.write_text(
        f"version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\n"
        f"storage: {{filesystem: {{rootdirectory: {folder / 'storage'}}}}}\n"
        f"http: {{addr: '{host}'}}\n{settings}"
    )
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(["docker-registry", "serve", str(configuration)], stdout=log, stderr=log)
    try:
        for _ in range(600):
            with contextlib.suppress(OSError), socket.create_connection(host.split(":"), 1):  # type: ignore[arg-type]
                break
            assert process.poll() is None, (folder / "log").read_text()
            time.sleep(0.05)
        yield DockerRegistry(host)
    finally:
        process.terminate()
        process.wait(30)


def layout(folder: Path, created: str | None, content: str = "") -> Path:
    """An OCI layout with one tiny image, as https://github.com/opencontainers/image-spec/blob/main/image-layout.md."""
    blobs = folder / "blobs" / "sha256"
    blobs.mkdir(parents=True)

    def blob(data: bytes, kind: str) -> dict[str, Any]:
        name = hashlib.sha256(data).hexdigest()
        (blobs / name).write_bytes(data)
        return {
            "mediaType": f"application/vnd.oci.image.{kind}",
            "digest": f"sha256:{name}",
            "size": len(data),
        }

    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        entry = tarfile.TarInfo("content")
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content.encode()))
    layer = blob(gzip.compress(archive.getvalue(), mtime=0), "layer.v1.tar+gzip")
    diff = hashlib.sha256(archive.getvalue()).hexdigest()
    config = {
        "architecture": "amd64",
        "os": "linux",
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{diff}"]},
    }
    if created:
        config["created"] = created
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": blob(json.dumps(config).encode(), "config.v1+json"),
        "layers": [layer],
    }
    index = {"schemaVersion": 2, "manifests": [blob(json.dumps(manifest).encode(), "manifest.v1+json")]}
    (folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    (folder / "index.json").write_text(json.dumps(index))
    return folder


def digest_in(layout: Path) -> str:
    """The digest of the image in a layout."""
    return str(json.loads((layout / "index.json").read_text())["manifests"][0]["digest"])
