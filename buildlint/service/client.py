"""The service, asked through the official SDK: create a template, start its build, follow that.

The SDK is the extra `sdk`, and takes long to import: who imports this module needs it. No text
that leaves it holds a credential: what the SDK says about a failed call is never passed on, for it
may quote URLs and headers, and credentials are masked in what the service says.
"""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from time import sleep
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote

import requests
from alibabacloud_credentials.client import Client as DefaultCredentials
from alibabacloud_ecs20140526.client import Client
from alibabacloud_tea_openapi.exceptions import AlibabaCloudException
from alibabacloud_tea_openapi.models import Config, OpenApiRequest, Params
from darabonba.runtime import RuntimeOptions

from buildlint.service.contract import STATUSES, SUCCESS
from buildlint.service.rpc import CALL, Endpoint, client_token, flattened
from buildlint.text.messages import N_, filled, printable
from buildlint.version import __version__

# Seconds before each further attempt.
PAUSES = (1, 2, 4, 8)
# Seconds between two looks at a build, which takes minutes.
INTERVAL = 5
_CONNECT_TIMEOUT_MS = 5_000
_READ_TIMEOUT_MS = 20_000

_AnswerT = TypeVar("_AnswerT")
_REGION = re.compile(r"[a-z0-9-]+")
_SERVER_ERROR = 500
_TOO_MANY_REQUESTS = 429

# They write to standard error what may hold credentials: why a source of them cannot be read, and
# with DEBUG=sdk in the environment the headers of each call.
for _name in ("alibabacloud-tea", "credentials", "darabonba-core"):
    logging.getLogger(_name).disabled = True


class Refused(Exception):  # noqa: N818 - what happened, not an error of ours
    """The service has decided against a call; `code` is its error code."""

    def __init__(self, text: str, code: str) -> None:
        super().__init__(text)
        self.code = code


class Unreachable(Exception):  # noqa: N818
    """The service could not be asked, or has not answered."""


class _Passing(Exception):  # noqa: N818
    """What may be over in a moment; the text says what it is."""


class _NoCredentials(Exception):  # noqa: N818
    """The SDK's chain ended without any."""


class Execution(NamedTuple):
    """A build as the service sees it: its status, its image once there is one, its last message."""

    status: str
    image: str = ""
    message: str = ""

    @property
    def is_over(self) -> bool:
        """Whether its status is a final one; one that nobody has documented is not."""
        status = STATUSES.get(self.status)
        return status is not None and status.is_final

    @property
    def is_success(self) -> bool:
        """Whether the image is built, and all that was asked for is done."""
        return self.status == SUCCESS


_NO_CREDENTIALS = N_(
    "no credentials: set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, make a "
    "profile with `aliyun configure`, or run on an instance with a RAM role"
)
_NOT_THE_SERVICE = N_("what answers there is not the service")
# What the SDK and its HTTP library raise, most special first.
_PASSING = (
    (requests.exceptions.ProxyError, N_("the proxy cannot be reached, or refuses")),
    (requests.exceptions.SSLError, N_("its certificate cannot be verified")),
    (requests.exceptions.Timeout, N_("no answer in time")),
    (requests.exceptions.ConnectionError, N_("no connection")),
    (requests.exceptions.ChunkedEncodingError, N_("no connection")),
    # Of an error whose text is no JSON object.
    ((RuntimeError, AttributeError), _NOT_THE_SERVICE),
)


class _Credentials:
    """The SDK's default chain; `given` is what it gave, which nothing may print."""

    def __init__(self) -> None:
        self._chain: Any = None
        self.given: set[str] = set()

    def get_credential(self) -> Any:  # noqa: ANN401 - of the SDK, which has no types
        """Give the SDK what it signs calls with. Raises _NoCredentials."""
        try:
            self._chain = self._chain or DefaultCredentials()
            credential = self._chain.get_credential()
        except Exception:  # noqa: BLE001 - each provider has its own, and their texts may quote keys
            raise _NoCredentials from None
        names = ("access_key_id", "access_key_secret", "security_token", "bearer_token")
        self.given.update(filter(None, (getattr(credential, name, None) for name in names)))
        return credential

    def masked(self, text: str) -> str:
        """Replace credentials in a text, also where they are written as in a URL, or twice so."""
        for secret in sorted(self.given, key=len, reverse=True):
            once = quote(secret, safe="~")
            for spelling in (quote(once, safe="~"), once, secret):
                text = text.replace(spelling, "****")
        return text


class Service:
    """ECS in one region.

    Credentials come from the SDK's default chain. Each method raises Refused or Unreachable;
    throttled and failed calls are made again, after `pause` seconds. Raises ValueError for a region
    that no address can be made of.
    """

    def __init__(
        self,
        region: str,
        endpoint: Endpoint | None = None,
        *,
        pause: Callable[[float], None] = sleep,
        read_timeout: int = _READ_TIMEOUT_MS,
    ) -> None:
        if not _REGION.fullmatch(region):
            text = N_("RegionId {region}: write the id of a region, for instance cn-hangzhou")
            raise ValueError(filled(text, region=printable(region)))
        self._region = region
        self._pause = pause
        self._credentials = _Credentials()
        self._client = Client(
            Config(
                credential=self._credentials,
                region_id=region,
                endpoint=endpoint and endpoint.host,
                protocol=endpoint and endpoint.protocol,
                user_agent=f"buildlint/{__version__}",
                connect_timeout=_CONNECT_TIMEOUT_MS,
                read_timeout=read_timeout,
            )
        )

    @property
    def host(self) -> str:
        """Where it is asked."""
        return str(self._client._endpoint)  # noqa: SLF001 - chosen by the SDK, and told nowhere else

    def create(self, parameters: Mapping[str, Any]) -> str:
        """Create a template of the parameters of CreateImagePipeline; return its id."""
        return _text(self._call("CreateImagePipeline", parameters), "ImagePipelineId")

    def start(self, pipeline: str, token: str) -> str:
        """Start the build of a template; return the id of the execution.

        The same template with the same token is built once.
        """
        parameters = {"RegionId": self._region, "ImagePipelineId": pipeline}
        parameters["ClientToken"] = client_token({**parameters, "ClientToken": token})
        return _text(self._call("StartImagePipelineExecution", parameters), "ExecutionId")

    def follow(self, execution: str) -> Iterator[Execution]:
        """Yield what a build is doing, again and again until it is over."""
        while True:
            seen = self._attempt(lambda: self._look_at(execution))
            yield seen
            if seen.is_over:
                return
            self._pause(INTERVAL)

    def _look_at(self, execution: str) -> Execution:
        parameters = {"RegionId": self._region, "ExecutionId": execution}
        answer = self._ask("DescribeImagePipelineExecutions", parameters)
        found = (answer.get("ImagePipelineExecution") or {}).get("ImagePipelineExecutionSet")
        if not found:
            raise _Passing(filled(N_("it does not know {execution}"), execution=execution))
        seen = found[0]
        message = ": ".join(filter(None, map(seen.get, ("ErrorCode", "ErrorInfo", "Message"))))
        return Execution(_text(seen, "Status"), seen.get("ImageId") or "", self._shown(message))

    def _call(self, action: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        return self._attempt(lambda: self._ask(action, parameters))

    def _attempt(self, ask: Callable[[], _AnswerT]) -> _AnswerT:
        """Ask until there is an answer, or the attempts are used up."""
        for pause in PAUSES:
            try:
                return ask()
            except _Passing:
                self._pause(pause)
        try:
            return ask()
        except _Passing as error:
            text = N_("{host} was asked {count} times: {trouble}")
            count = len(PAUSES) + 1
            raise Unreachable(filled(text, host=self.host, count=count, trouble=error)) from None

    def _ask(self, action: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """Call the service once."""
        params = Params(action=action, **CALL)
        request = OpenApiRequest(body=flattened(parameters))
        try:
            answer = self._client.call_api(params, request, RuntimeOptions())["body"]
        except AlibabaCloudException as error:
            raise self._answer_of(action, error) from None
        except Exception as error:  # noqa: BLE001 - the SDK wraps whatever its libraries raise
            raise _failure(error) from None
        if not isinstance(answer, dict):
            raise _Passing(filled(_NOT_THE_SERVICE))
        return answer

    def _answer_of(self, action: str, error: AlibabaCloudException) -> Exception:
        """Say what the service said, and whether that is its last word."""
        data = error.data or {}
        said = {
            "code": self._shown(error.code),
            "message": self._shown(str(data.get("Message") or data.get("message") or "")),
            "request": self._shown(error.request_id),
        }
        is_busy = error.code.startswith("Throttling") or error.status_code == _TOO_MANY_REQUESTS
        if is_busy or error.status_code >= _SERVER_ERROR:
            text = N_("{code}: {message} (RequestId {request})")
            return _Passing(filled(text, **said))
        text = N_("{action} was refused: {code}: {message} (RequestId {request})")
        return Refused(filled(text, action=action, **said), error.code)

    def _shown(self, text: str) -> str:
        """Write a text of the service for a terminal, on one line and without credentials."""
        return printable(" ".join(self._credentials.masked(text).split()))


def _failure(error: BaseException) -> Exception:
    """Say in our own words why there is no answer."""
    causes = list(_causes(error))
    if any(isinstance(cause, _NoCredentials) for cause in causes):
        return Unreachable(filled(_NO_CREDENTIALS))
    for kinds, text in _PASSING:
        if any(isinstance(cause, kinds) for cause in causes):
            return _Passing(filled(text))
    kind = type(causes[-1]).__name__
    return Unreachable(filled(N_("the SDK cannot make the call ({kind})"), kind=kind))


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an exception of the SDK, and what led to it."""
    while error is not None:
        yield error
        error = getattr(error, "inner_exception", None) or error.__context__


def _text(answer: Mapping[str, Any], name: str) -> str:
    """Return a text of an answer. Raises Unreachable where it is missing."""
    value = answer.get(name)
    if not isinstance(value, str):
        raise Unreachable(filled(N_("the answer has no {name}"), name=name))
    return value
