"""What we raise, for people who can act. Pure.

::

    AuditError
    |-- ConfigError           a configuration or usage mistake: names the key or flag         exit 2
    |-- DocumentError         a source that cannot be read: names the source                  exit 3
    |-- RatingsError          a rating list that cannot be taken over: names the list           exit 3
    |-- WikiError             a wiki that refuses, or does not answer in time: names its host exit 3
    |-- StoreError            the database cannot be used                                     exit 4
    |   |-- StoreUnreachable
    |   |-- StoreLocked
    |   `-- StoreOutdated     older or newer than this program
    |-- RunBusy               another run holds the lock                                      exit 75
    `-- OfflineError          the auditor's own network is down                               exit 3

The faults of the web are never raised: they are `Failure` and `SearchFailure` values.
"""


class AuditError(Exception):
    """One clear line that says what to change, and the exit code that goes with it."""

    exit_code = 1


class ConfigError(AuditError):
    exit_code = 2


class DocumentError(AuditError):
    exit_code = 3

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason


class RatingsError(AuditError):
    exit_code = 3

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


class WikiError(AuditError):
    """`code` is the wiki's own word for it (`readapidenied`, `http-403`), or `wait` when it may work later."""

    exit_code = 3

    def __init__(self, host: str, reason: str, *, code: str = "") -> None:
        super().__init__(f"{host} {reason}")
        self.host = host
        self.reason = reason
        self.code = code


class StoreError(AuditError):
    exit_code = 4


class StoreUnreachable(StoreError):  # noqa: N818 - reads as a state, not as an accident
    """No database answers at the address."""


class StoreLocked(StoreError):  # noqa: N818
    """Another program holds the database for longer than we wait."""


class StoreOutdated(StoreError):  # noqa: N818
    """The schema is older or newer than this program."""


class RunBusy(AuditError):  # noqa: N818
    exit_code = 75


class OfflineError(AuditError):
    exit_code = 3
