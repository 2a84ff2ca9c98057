"""AWS ECR, asked through boto3 (the extra ``aws``) with whatever credentials the machine has for it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from chores_infra.errors import RegistryError, RegistryUnavailableError
from chores_infra.release.registries.ecr_images import image_of
from chores_infra.release.registries.image import Image
from chores_infra.release.registries.patience import within
from chores_infra.release.registries.repository import ImageRepository

__all__ = ["Ecr"]

_PAGE: Final = 1000
"""Images for each request: the most that ECR gives."""

_WAYS_OUT: Final = {
    "RepositoryNotFoundException": "there is no such repository in that account and region",
    "AccessDeniedException": "these credentials may not list its images; they need ecr:DescribeImages",
    "UnrecognizedClientException": "the credentials are not accepted; log in again",
    "InvalidSignatureException": "the credentials are not accepted; log in again",
    "ExpiredTokenException": "the credentials have expired; log in again (aws sso login)",
}
_OVERLOADED: Final = {"ThrottlingException", "ServerException", "ServiceUnavailable", "InternalFailure"}


class Ecr:
    """One repository of AWS ECR.

    Args:
        repository: its name in manifests, which says account and region.
        timeout: seconds for a look-up, and for each page of a list.

    Raises:
        RegistryError: that is no ECR, or boto3 is not installed.
    """

    def __init__(self, repository: ImageRepository, *, timeout: float) -> None:
        place = repository.ecr
        if place is None:
            raise RegistryError(
                f"{repository} is no repository of AWS ECR; expected "
                "<account>.dkr.ecr.<region>.amazonaws.com/<name>, or another --registry than ecr"
            )
        _check_boto3()
        self._repository = repository
        self._timeout = timeout
        self._asked = {"registryId": place.account, "repositoryName": repository.path}
        self._region = place.region
        self._client: Any = None

    def find(self, tag: str) -> Image | None:
        """The image that a tag points at now."""
        return next(self._described(imageIds=[{"imageTag": tag}])[0], None)

    def images(self) -> Iterator[Image]:
        """Every image, a page of 1,000 after the other."""
        images, token = self._described(maxResults=_PAGE)
        yield from images
        while token:
            images, next_token = self._described(maxResults=_PAGE, nextToken=token)
            if next_token == token:
                raise RegistryError(f"{self._repository}: AWS ECR answers the same page again and again")
            yield from images
            token = next_token

    def dated(self, image: Image) -> Image:
        """The image: ECR says at once when it was pushed."""
        return image

    def _described(self, **which: Any) -> tuple[Iterator[Image], str | None]:
        """The images of one answer, and what the next is asked with."""
        answer = within(self._timeout, lambda: self._ask(which), f"{self._repository}: AWS ECR")
        try:
            images = [image_of(detail) for detail in answer.get("imageDetails", ())]
        except ValueError as error:
            raise RegistryError(f"{self._repository}: AWS ECR answered {error}") from None
        return iter(images), answer.get("nextToken")

    def _ask(self, which: dict[str, Any]) -> dict[str, Any]:
        from botocore import exceptions as aws

        try:
            self._client = self._client or _client(self._region, self._timeout)
            answer: dict[str, Any] = self._client.describe_images(**self._asked, **which)
        except aws.ClientError as error:
            code = error.response.get("Error", {}).get("Code", "")
            if code == "ImageNotFoundException":
                return {}
            if code in _OVERLOADED:
                raise RegistryUnavailableError(f"{self._repository}: AWS ECR answered {code}") from None
            raise RegistryError(
                f"{self._repository}: {_WAYS_OUT.get(code, f'AWS ECR answered {code}')}"
            ) from None
        except aws.NoCredentialsError:
            raise RegistryError(
                f"{self._repository}: there are no credentials for AWS; set AWS_PROFILE, or "
                "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in (aws sso login); "
                "or give --registry file:PATH or none"
            ) from None
        except (aws.HTTPClientError, aws.ConnectionError) as error:
            raise RegistryUnavailableError(f"{self._repository}: AWS ECR does not answer: {error}") from None
        except aws.BotoCoreError as error:
            # Its text may quote what a program that gives credentials has printed.
            problem = type(error).__name__
            raise RegistryError(f"{self._repository}: AWS ECR cannot be asked: {problem}") from None
        return answer


def _check_boto3() -> None:
    from importlib.util import find_spec

    if find_spec("boto3") is None:
        raise RegistryError(
            "asking AWS ECR needs boto3, which is not installed: pip install 'chores-infra[aws]'; "
            "or give --registry file:PATH of a saved `aws ecr describe-images`, or none"
        )


def _client(region: str, timeout: float) -> Any:
    import boto3
    from botocore.config import Config

    patience = Config(
        connect_timeout=timeout, read_timeout=timeout, retries={"mode": "standard", "total_max_attempts": 3}
    )
    return boto3.session.Session().client("ecr", region_name=region, config=patience)
