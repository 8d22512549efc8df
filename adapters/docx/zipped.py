"""ZIP containers whose bytes depend on their content alone."""

import io
import zipfile

FIRST = "[Content_Types].xml"  # readers of Office files expect it at the start
_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that ZIP can tell


def stable_zip(container: bytes) -> bytes:
    """The same parts in a fixed order with fixed dates; equal parts give equal bytes."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(container)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in sorted(source.namelist(), key=lambda name: (name != FIRST, name)):
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            target.writestr(entry, source.read(name))
    return out.getvalue()
