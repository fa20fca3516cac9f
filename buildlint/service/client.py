"""The service, asked by means of the official SDK: create something, build it, list them all.

The SDK finds the credentials and the host, and signs; the call is made by :mod:`transport`, for the
SDK follows redirects, passes HTTP through proxies, and reads answers of any size for ever. It is
the extra `sdk`, and takes long to import: who imports this module needs it. No text that leaves it
holds a credential: what a library says about a failed call is never passed on, for it may quote
URLs and headers, and credentials are masked in what the service says.
"""

import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from time import monotonic, sleep
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlencode

import requests
from alibabacloud_credentials.client import Client as DefaultCredentials
from alibabacloud_credentials.provider import CLIProfileCredentialsProvider
from alibabacloud_ecs20140526.client import Client
from alibabacloud_tea_openapi.models import Config
from alibabacloud_tea_openapi.utils import Utils
from darabonba.request import DaraRequest

from buildlint.service.calls import CALLS, CREATE_PIPELINE, Call
from buildlint.service.contract import STATUSES, SUCCESS
from buildlint.service.quoted import Quoted
from buildlint.service.rpc import CALL, Endpoint, client_token, flattened
from buildlint.service.transport import (
    MAX_ANSWER_BYTES,
    Answer,
    Oversized,
    Redirected,
    post,
    within,
)
from buildlint.text.messages import N_, filled, printable
from buildlint.version import __version__

# Seconds before each further attempt.
PAUSES = (1, 2, 4, 8)
# Seconds between two looks at a build, which takes minutes.
INTERVAL = 5
# Milliseconds for one answer, and seconds for a call with all its attempts.
_READ_TIMEOUT_MS = 20_000
_CALL_SECONDS = 60.0
# What is said is a sentence or two: nobody reads more of it.
_MAX_SHOWN = 1_000
_MAX_ID = 128
# The service describes so many at once; that many IDs are the most that it is asked for.
_PAGE = 20
# A template has two contents of 16 KB, and a character may take six in JSON.
_MAX_BYTES = {call.description: 1 << 22 for call in CALLS}
_SIGNATURE = "ACS3-HMAC-SHA256"

_AnswerT = TypeVar("_AnswerT")
_PartT = TypeVar("_PartT")
_REGION = re.compile(r"[a-z0-9-]+")
_CLIENT_ERROR = 400
_SERVER_ERROR = 500
_TOO_MANY_REQUESTS = 429

# They write to standard error what may hold credentials: why a source of them cannot be read, and
# with DEBUG=sdk in the environment the headers of each call.
for _name in ("alibabacloud-tea", "credentials", "darabonba-core"):
    logging.getLogger(_name).disabled = True


class Refused(Exception):  # noqa: N818 - what happened, not an error of ours
    """The service has decided against a call, `action`; `code` is its error code."""

    def __init__(self, text: str, code: str, action: str) -> None:
        super().__init__(text)
        self.code = code
        self.action = action


class Unreachable(Exception):  # noqa: N818
    """The service could not be asked, or has not answered."""


class Unreadable(Unreachable):
    """The service has answered, and what it has done is not in the answer."""


class _Passing(Exception):  # noqa: N818
    """What may be over in a moment; the text says what it is."""


class _Garbled(_Passing):
    """What came back is no answer of the service: of something between here and there."""


class _NoCredentials(Exception):  # noqa: N818
    """The SDK has found none; the text says where to put them."""


# A template or component in the words of the call that describes it.
Described = dict[str, Any]


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
    "no credentials found; set `ALIBABA_CLOUD_ACCESS_KEY_ID` and "
    "`ALIBABA_CLOUD_ACCESS_KEY_SECRET`, run `aliyun configure`, or use an instance with a RAM role"
)
_NO_PROFILE = N_(
    "no credentials in the profile `{profile}` of the aliyun CLI; to list the profiles, run "
    "`aliyun configure list`"
)
_NOT_THE_SERVICE = N_("the response does not come from the ECS API")
# What the SDK and its HTTP library raise, most special first.
_PASSING = (
    (requests.exceptions.ProxyError, N_("the proxy is unreachable, or rejected the connection")),
    (requests.exceptions.SSLError, N_("its certificate could not be verified")),
    (requests.exceptions.Timeout, N_("timed out")),
    (requests.exceptions.ConnectionError, N_("could not connect")),
    (requests.exceptions.ChunkedEncodingError, N_("could not connect")),
)


class _Credentials:
    """The SDK's default chain, or a profile; `given` is what it gave, which nothing may print."""

    def __init__(self, profile: str | None) -> None:
        self._profile = profile
        self._chain: Any = None
        self.given: set[str] = set()

    def get_credential(self) -> Any:  # noqa: ANN401 - of the SDK, which has no types
        """Give the SDK what it signs calls with. Raises _NoCredentials."""
        try:
            self._chain = self._chain or self._source()
            credential = self._chain.get_credential()
        except Exception:  # noqa: BLE001 - each provider has its own, and their texts may quote keys
            text = _NO_CREDENTIALS if self._profile is None else _NO_PROFILE
            raise _NoCredentials(filled(text, profile=self._profile)) from None
        names = ("access_key_id", "access_key_secret", "security_token", "bearer_token")
        self.given.update(filter(None, (getattr(credential, name, None) for name in names)))
        return credential

    def _source(self) -> DefaultCredentials:
        if self._profile is None:
            return DefaultCredentials()
        return DefaultCredentials(
            provider=CLIProfileCredentialsProvider(profile_name=self._profile)
        )

    def masked(self, text: str) -> str:
        """Replace credentials in a text, however they are spelled there."""
        return Quoted(self.given).masked(text)


class Service:
    """ECS in one region.

    Credentials come from the SDK's default chain, or from a profile of the aliyun CLI. Each method
    raises Refused or Unreachable; throttled and failed calls are made again, after `pause` seconds.
    An answer has `read_timeout` milliseconds, a call with all its attempts `call_seconds`. Raises
    ValueError for a region that no address can be made of.
    """

    def __init__(
        self,
        region: str,
        endpoint: Endpoint | None = None,
        profile: str | None = None,
        *,
        pause: Callable[[float], None] = sleep,
        read_timeout: int = _READ_TIMEOUT_MS,
        call_seconds: float = _CALL_SECONDS,
    ) -> None:
        if not _REGION.fullmatch(region):
            text = N_("RegionId `{region}` is not a region ID; use one such as `cn-hangzhou`")
            raise ValueError(filled(text, region=printable(region)))
        self._region = region
        self._pause = pause
        self._answer_seconds = read_timeout / 1_000
        self._call_seconds = call_seconds
        self._credentials = _Credentials(profile)
        self._endpoint = endpoint or Endpoint("https", _host(region, self._credentials))

    @property
    def host(self) -> str:
        """Where it is asked."""
        return self._endpoint.host

    def create(self, parameters: Mapping[str, Any], call: Call = CREATE_PIPELINE) -> str:
        """Create what the parameters of a call describe; return its id."""
        return self._id(self._call(call.action, parameters), call.answer)

    def start(self, pipeline: str, token: str) -> str:
        """Start the build of a template; return the id of the execution.

        The same template with the same token is built once.
        """
        parameters = {"RegionId": self._region, "ImagePipelineId": pipeline}
        parameters["ClientToken"] = client_token({**parameters, "ClientToken": token})
        return self._id(self._call("StartImagePipelineExecution", parameters), "ExecutionId")

    def follow(self, execution: str) -> Iterator[Execution]:
        """Yield what a build is doing, again and again until it is over."""
        while True:
            seen = self._attempt(lambda seconds: self._look_at(execution, seconds))
            yield seen
            if seen.is_over:
                return
            self._pause(INTERVAL)

    def described(
        self, call: Call, ids: Sequence[str] = (), name: str | None = None
    ) -> Iterator[Described]:
        """Yield what the account has by a call: of these IDs, or of a name, or else all.

        Each is as the service describes it, with its id.
        """
        asked = {"RegionId": self._region, "MaxResults": _PAGE, **dict(call.only)}
        if name is not None:
            asked["Name"] = name
        for start in range(0, len(ids), _PAGE):
            yield from self._pages(call, {**asked, call.answer: [*ids[start : start + _PAGE]]})
        if not ids:
            yield from self._pages(call, asked)

    def _pages(self, call: Call, asked: Mapping[str, Any]) -> Iterator[Described]:
        seen, token = {""}, ""
        outer, inner = call.members
        while True:
            next_page = {"NextToken": token} if token else {}
            answer = self._call(call.description, {**asked, **next_page})
            members = _part(answer, outer, dict) or {}
            for each in _part(members, inner, list) or ():
                if not isinstance(each, dict):
                    raise _without(inner)
                self._id(each, call.answer)
                yield each
            token = _part(answer, "NextToken", str) or ""
            if token in seen:
                break
            seen.add(token)
        if token:
            raise Unreadable(filled(N_("the response repeats its NextToken")))

    def _look_at(self, execution: str, seconds: float) -> Execution:
        parameters = {"RegionId": self._region, "ExecutionId": execution}
        answer = self._ask("DescribeImagePipelineExecutions", parameters, seconds)
        executions = _part(answer, "ImagePipelineExecution", dict) or {}
        found = _part(executions, "ImagePipelineExecutionSet", list)
        if not found:
            raise _Passing(filled(N_("execution `{execution}` was not found"), execution=execution))
        (seen, *_) = found
        if not isinstance(seen, dict):
            raise _without("ImagePipelineExecutionSet")
        said = (_part(seen, name, str) for name in ("ErrorCode", "ErrorInfo", "Message"))
        message = self._shown(": ".join(filter(None, said)))
        status = _part(seen, "Status", str)
        if not status:
            raise _without("Status")
        image = _part(seen, "ImageId", str) or ""
        return Execution(self._shown(status), self._shown(image), message)

    def _call(self, action: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        return self._attempt(lambda seconds: self._ask(action, parameters, seconds))

    def _attempt(self, ask: Callable[[float], _AnswerT]) -> _AnswerT:
        """Ask until there is an answer, or the attempts or the time are used up."""
        end = monotonic() + self._call_seconds
        count, pauses = 0, iter(PAUSES)
        while True:
            count += 1
            try:
                return ask(min(self._answer_seconds, end - monotonic()))
            except _Passing as error:
                trouble = error
            pause = next(pauses, None)
            if pause is None or monotonic() + pause >= end:
                break
            self._pause(pause)
        kind = Unreadable if isinstance(trouble, _Garbled) else Unreachable
        text = (
            N_("a call to `{host}` failed: {trouble}")
            if count == 1
            else N_("{count} attempts to call `{host}` failed: {trouble}")
        )
        raise kind(filled(text, host=self.host, count=count, trouble=trouble))

    def _ask(self, action: str, parameters: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        """Call the service once."""
        answer = self._post(action, parameters, seconds)
        try:
            said = json.loads(answer.content.decode())
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict):
            raise _Garbled(filled(_NOT_THE_SERVICE))
        if answer.status >= _CLIENT_ERROR:
            raise self._answer_of(action, answer.status, said)
        return said

    def _post(self, action: str, parameters: Mapping[str, Any], seconds: float) -> Answer:
        def ask() -> Answer:
            body = urlencode(flattened(parameters)).encode()
            headers, limit = self._signed(action, body), _MAX_BYTES.get(action, MAX_ANSWER_BYTES)
            return post(self._endpoint, headers, body, seconds, limit)

        try:
            return within(seconds, ask)
        except Redirected as error:
            raise Unreachable(self._redirected(error)) from None
        except Oversized:
            raise Unreadable(filled(_NOT_THE_SERVICE)) from None
        except Exception as error:  # noqa: BLE001 - the libraries raise whatever they have
            raise _failure(error) from None

    def _signed(self, action: str, body: bytes) -> dict[str, str]:
        """Return the headers of a call, signed."""
        credential = self._credentials.get_credential()
        digest = sha256(body).hexdigest()
        headers = {
            "host": self.host,
            "x-acs-version": CALL["version"],
            "x-acs-action": action,
            "user-agent": Utils.get_user_agent(f"buildlint/{__version__}"),
            "x-acs-date": Utils.get_timestamp(),
            "x-acs-signature-nonce": Utils.get_nonce(),
            "accept": "application/json",
            "content-type": "application/x-www-form-urlencoded",
            "x-acs-content-sha256": digest,
        }
        key, token = credential.access_key_id, credential.security_token
        if credential.provider_name:
            headers["x-acs-credentials-provider"] = credential.provider_name
        if token:
            headers |= {"x-acs-accesskey-id": key, "x-acs-security-token": token}
        call = DaraRequest()
        call.method, call.pathname = CALL["method"], CALL["pathname"]
        call.query, call.headers = {}, headers
        secret = credential.access_key_secret
        signature = Utils.get_authorization(call, _SIGNATURE, digest, key, secret)
        return {**headers, "Authorization": signature}

    def _redirected(self, error: Redirected) -> str:
        text = N_(
            "`{host}` redirects to `{target}` ({status}); use the address of the service itself"
        )
        target = self._shown(error.host) or "?"
        return filled(text, host=self.host, target=target, status=error.status)

    def _answer_of(self, action: str, status: int, said: Mapping[str, Any]) -> Exception:
        """Say what the service said, and whether that is its last word."""
        code = _said(said, "Code", "code")
        fields = {
            "code": self._shown(code),
            "message": self._shown(_said(said, "Message", "message")),
            "request": self._shown(_said(said, "RequestId", "requestId")),
        }
        is_busy = code.startswith("Throttling") or status == _TOO_MANY_REQUESTS
        if is_busy or status >= _SERVER_ERROR:
            text = N_("{code}: {message} (RequestId {request})")
            return _Passing(filled(text, **fields))
        if not code:
            return Unreadable(filled(_NOT_THE_SERVICE))
        text = N_("{action} was rejected: {code}: {message} (RequestId {request})")
        return Refused(filled(text, action=action, **fields), code, action)

    def _id(self, answer: Mapping[str, Any], name: str) -> str:
        """Return an id of an answer. Raises Unreadable for what is none, or is a credential."""
        value = _part(answer, name, str)
        if not value or len(value) > _MAX_ID or self._shown(value) != value or " " in value:
            raise _without(name)
        return value

    def _shown(self, text: str) -> str:
        """Write a text of the service for a terminal, on one line and without credentials."""
        line = printable(" ".join(self._credentials.masked(text).split()))
        return line if len(line) <= _MAX_SHOWN else f"{line[:_MAX_SHOWN]}…"


def _host(region: str, credentials: _Credentials) -> str:
    """Return the host of a region, which the SDK chooses and tells nowhere else."""
    client = Client(Config(credential=credentials, region_id=region))
    return str(client._endpoint)  # noqa: SLF001


def _failure(error: Exception) -> Exception:
    """Say in our own words why there is no answer."""
    if isinstance(error, _NoCredentials):
        return Unreachable(str(error))
    for kind, text in _PASSING:
        if isinstance(error, kind):
            return _Passing(filled(text))
    text = N_("the SDK could not make the call ({kind})")
    return Unreachable(filled(text, kind=type(error).__name__))


def _part(answer: Mapping[str, Any], name: str, kind: type[_PartT]) -> _PartT | None:
    """Return a part of an answer, None where there is none. Raises Unreadable for another type."""
    value = answer.get(name)
    if value is not None and not isinstance(value, kind):
        raise _without(name)
    return value


def _said(answer: Mapping[str, Any], *names: str) -> str:
    """Return the first text of these names, empty if there is none."""
    texts = (answer[name] for name in names if isinstance(answer.get(name), str))
    return next(texts, "")


def _without(name: str) -> Unreadable:
    return Unreadable(filled(N_("the response has no {name}"), name=name))
