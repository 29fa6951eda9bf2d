"""The progress bar of a run, on a terminal only. Shell."""

from collections import Counter
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeRemainingColumn

from audit.model import Failure, Outcome


class Bar:
    """Stages with a bar: done of all, rate, what the answers were, time left."""

    def __init__(self) -> None:
        self._progress = Progress(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
            TextColumn("{task.fields[seen]}"),
            console=Console(stderr=True),
            transient=True,
        )
        self._task: TaskID | None = None
        self._seen: Counter[str] = Counter()

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self._progress.stop()

    def stage(self, name: str, total: int | None = None) -> None:
        if self._task is not None:
            self._progress.remove_task(self._task)
        self._seen.clear()
        self._task = self._progress.add_task(name, total=total, rate="", seen="")

    def step(self, outcome: Outcome) -> None:
        if self._task is None:
            return
        self._seen[_answer(outcome)] += 1
        speed = next((task.speed for task in self._progress.tasks if task.id == self._task), None)
        self._progress.update(
            self._task,
            advance=1,
            rate=f"{speed:.1f}/s" if speed else "",
            seen=" ".join(f"{name} {count}" for name, count in self._seen.most_common(5)),
        )


class Silence:
    """Nobody is told."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        return None

    def stage(self, name: str, total: int | None = None) -> None:
        """No stage is shown."""

    def step(self, outcome: Outcome) -> None:
        """No step is shown."""


def _answer(outcome: Outcome) -> str:
    """What the last attempt came back with, in one word: an HTTP status or a failure; no judgement."""
    last = next((fetch for fetch in reversed(outcome.fetches) if fetch.role == "attempt"), None)
    if last is None:
        return "deferred"
    if isinstance(last.failure, Failure):
        return last.failure.value
    return str(last.http_status)
