"""Documents that are ZIP archives: their parts, each within bounds. Pure on bytes."""

import io
import zipfile
import zlib
from collections.abc import Iterator

from audit.errors import DocumentError

MOST_PARTS, MOST_PART_BYTES, MOST_BYTES = 10_000, 33_554_432, 134_217_728
MOST_RATIO, LEAST_SUSPECT = 200, 1_048_576
"""Office XML packs to a tenth; a bomb to a thousandth."""

FAULTS = (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError, RuntimeError, zlib.error, KeyError, MemoryError)


class Package:
    """The parts of a package, read one by one. What could not be read is told in `lost`."""

    def __init__(self, name: str, body: bytes) -> None:
        self.name = name
        self.lost: list[str] = []
        self.left = MOST_BYTES
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(body))
            self.names = [each.filename for each in self.zip.infolist()[:MOST_PARTS]]
        except FAULTS as fault:
            raise DocumentError(
                name, "is a broken or unfinished package (its list of contents is lost); save the document again"
            ) from fault

    def part(self, name: str) -> bytes:
        """One part, cut where it is too long; nothing for one that is missing, broken or a bomb."""
        if name not in self.names:
            return b""
        try:
            info = self.zip.getinfo(name)
            most = min(MOST_PART_BYTES, self.left)
            with self.zip.open(info) as stream:
                held = stream.read(min(most, max(info.compress_size * MOST_RATIO, LEAST_SUSPECT)) + 1)
        except FAULTS as fault:
            self.lost.append(f"{name} ({type(fault).__name__})")
            return b""
        if len(held) > min(most, max(info.compress_size * MOST_RATIO, LEAST_SUSPECT)):
            self.lost.append(f"{name} (too large)")
            return b""
        self.left -= len(held)
        return held

    def parts(self, names: Iterator[str]) -> Iterator[tuple[str, bytes]]:
        """The parts that hold anything."""
        yield from ((name, held) for name in names if (held := self.part(name)))
