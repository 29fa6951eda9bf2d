"""What a client library raised -> what happened to the fetch. Tables, most specific first. Pure."""

import errno
import re
import ssl
from collections.abc import Callable

import aiohttp

from audit import guard
from audit.model import Failure
from audit.web.resolving import NameFault


class Fault(Exception):  # noqa: N818 - a fact about the world on its way into a Fetch
    """Why one request brought no answer."""

    def __init__(self, failure: Failure, *, phase: str | None = None, detail: str | None = None) -> None:
        super().__init__(failure, phase, detail)
        self.failure, self.phase, self.detail = failure, phase, detail


class Unreadable(Exception):  # noqa: N818 - the lenient reader will try
    """An answer came that the strict parser refuses. It says "400" then, although no server said so."""


class Stale(Exception):  # noqa: N818 - a new connection will try
    """A kept connection that the server had given up, perhaps before our request reached it."""


class Defect(Exception):  # noqa: N818 - the unverified connection will try
    """A certificate that does not hold. `name` is expired, wrong-host, self-signed ..."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


DEFECTS = {
    9: "not-yet-valid",
    10: "expired",
    18: "self-signed",
    19: "self-signed",
    20: "incomplete-chain",
    21: "incomplete-chain",
    23: "revoked",
    62: "wrong-host",
    64: "wrong-host",
    66: "weak-key",
}
"""OpenSSL verify code -> name of the defect."""

ERRNOS = {
    errno.ECONNREFUSED: (Failure.REFUSED, "refused"),
    errno.EHOSTUNREACH: (Failure.REFUSED, "unreachable"),
    errno.EHOSTDOWN: (Failure.REFUSED, "unreachable"),
    errno.ENETUNREACH: (Failure.REFUSED, "no-route"),
    errno.EADDRNOTAVAIL: (Failure.REFUSED, "no-route"),
    errno.ECONNRESET: (Failure.RESET, "reset"),
    errno.EPIPE: (Failure.RESET, "reset"),
    errno.ECONNABORTED: (Failure.RESET, "reset"),
    errno.ETIMEDOUT: (Failure.TIMEOUT, None),
}

NOT_TLS = frozenset(
    {
        "WRONG_VERSION_NUMBER",
        "HTTP_REQUEST",
        "HTTPS_PROXY_REQUEST",
        "UNKNOWN_PROTOCOL",
        "PACKET_LENGTH_TOO_LONG",
        "RECORD_LAYER_FAILURE",
    }
)


def defect(fault: BaseException) -> str | None:
    """The name of a certificate's defect, None when the fault is something else."""
    behind = _behind(fault)
    if not isinstance(behind, ssl.SSLCertVerificationError):
        return None
    return DEFECTS.get(behind.verify_code, f"verify-{behind.verify_code}")


def handshake_failed(fault: BaseException, *, phase: str) -> bool:
    """Whether the failure is one that an older protocol may cure; old servers also just hang up in the handshake."""
    behind = _behind(fault)
    return isinstance(behind, ssl.SSLError) or (phase == "tls" and isinstance(behind, ConnectionError))


def is_reset(fault: BaseException) -> bool:
    """Whether a connection that stood was broken off."""
    return isinstance(_behind(fault), ConnectionResetError | ConnectionAbortedError | BrokenPipeError)


def meaning(fault: BaseException, *, phase: str) -> Fault:
    """The failure, phase and detail of what was raised while a request was in `phase`."""
    behind = _behind(fault)
    failure, own_phase, detail = next(told for kind, told in TOLD if isinstance(behind, kind))(behind, phase)
    return Fault(failure, phase=own_phase, detail=detail)


Told = tuple[Failure, str | None, str | None]


def _of_the_system(fault: BaseException, phase: str) -> Told:
    """What the system's error number says."""
    number = fault.errno if isinstance(fault, OSError) else None
    if number in ERRNOS:
        failure, detail = ERRNOS[number]
        return failure, phase, detail or phase
    if isinstance(fault, ConnectionError):
        return Failure.RESET, phase, "reset"
    if phase == "connect":
        return Failure.REFUSED, phase, "unreachable"
    return _unclassified(fault, phase)


def _unclassified(fault: BaseException, phase: str) -> Told:
    return Failure.OTHER, phase, f"{type(fault).__name__}: {fault}"[:200]


def _behind(fault: BaseException) -> BaseException:
    """The system's own error under the connector's."""
    inner = getattr(fault, "os_error", None) or getattr(fault, "certificate_error", None)
    return inner if isinstance(inner, BaseException) else fault


def _tls_detail(fault: BaseException) -> str:
    reason = getattr(fault, "reason", None) or ""
    if reason in NOT_TLS:
        return "not-tls"
    alert = re.search(r"ALERT_(\w+)$", reason)
    return f"alert-{alert[1].lower().replace('_', '-')}" if alert else "protocol"


TOLD: tuple[tuple[type[BaseException], Callable[[BaseException, str], Told]], ...] = (
    (NameFault, lambda fault, _: (Failure.DNS, "resolve", getattr(fault, "detail", None))),
    (guard.Refused, lambda *_: (Failure.BLOCKED_ADDRESS, "resolve", "address")),
    (ssl.SSLError, lambda fault, _: (Failure.TLS, "tls", _tls_detail(fault))),
    (TimeoutError, lambda _, phase: (Failure.TIMEOUT, phase, phase)),
    (aiohttp.ServerDisconnectedError, lambda _, phase: (Failure.RESET, phase, "closed-before-head")),
    (OSError, _of_the_system),
    (BaseException, _unclassified),
)
"""Most specific first: a TimeoutError and a Refused are OSErrors too."""
