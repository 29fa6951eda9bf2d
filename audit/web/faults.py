"""What a client library raised -> what happened to the fetch. Tables, most specific first. Pure."""

import errno
import re
import ssl

import aiohttp

from audit.model import Failure
from audit.web import guard
from audit.web.resolving import NameFault


class Fault(Exception):  # noqa: N818 - a fact about the world on its way into a Fetch
    """Why one request brought no answer."""

    def __init__(self, failure: Failure, *, phase: str | None = None, detail: str | None = None) -> None:
        super().__init__(failure, phase, detail)
        self.failure, self.phase, self.detail = failure, phase, detail


class Unreadable(Exception):  # noqa: N818 - the lenient reader will try
    """An answer came that the strict parser refuses. It says "400" then, although no server said so."""


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


def meaning(fault: BaseException, *, phase: str) -> Fault:
    """The failure, phase and detail of what was raised while a request was in `phase`."""
    behind = _behind(fault)
    if isinstance(behind, NameFault):
        return Fault(Failure.DNS, phase="resolve", detail=behind.detail)
    if isinstance(behind, guard.Refused):
        return Fault(Failure.BLOCKED_ADDRESS, phase="resolve", detail="address")
    if isinstance(behind, ssl.SSLError):
        return Fault(Failure.TLS, phase="tls", detail=_tls_detail(behind))
    if isinstance(behind, TimeoutError):
        return Fault(Failure.TIMEOUT, phase=phase, detail=phase)
    if isinstance(behind, aiohttp.ServerDisconnectedError):
        return Fault(Failure.RESET, phase=phase, detail="closed-before-head")
    if isinstance(behind, OSError) and behind.errno in ERRNOS:
        failure, detail = ERRNOS[behind.errno]
        return Fault(failure, phase=phase, detail=detail or phase)
    if isinstance(behind, ConnectionError):
        return Fault(Failure.RESET, phase=phase, detail="reset")
    if isinstance(behind, OSError) and phase == "connect":
        return Fault(Failure.REFUSED, phase=phase, detail="unreachable")
    return Fault(Failure.OTHER, phase=phase, detail=f"{type(behind).__name__}: {behind}"[:200])


def _behind(fault: BaseException) -> BaseException:
    """The system's own error under the connector's."""
    inner = getattr(fault, "os_error", None) or getattr(fault, "certificate_error", None)
    return inner if isinstance(inner, BaseException) else fault


def _tls_detail(fault: ssl.SSLError) -> str:
    reason = fault.reason or ""
    if reason in NOT_TLS:
        return "not-tls"
    alert = re.search(r"ALERT_(\w+)$", reason)
    return f"alert-{alert[1].lower().replace('_', '-')}" if alert else "protocol"
