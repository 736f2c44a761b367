"""ICU's data less what no part of the program asks for: 31 MB of locales, names, time zones and collations become 9 MB of converters,
break rules and normalization."""
import pathlib
import re
import subprocess
import tempfile

# ICU User Guide, "ICU Data": converters, break iterators with their dictionaries, normalization, properties, and the root locale.
KEPT = re.compile(r"brkitr/.+|[^/]+\.(cnv|nrm)|(cnvalias|uemoji|ulayout)\.icu|(root|pool|res_index)\.res")
ICUPKG = "/usr/sbin/icupkg"  # Debian keeps it where only the administrator's path looks
SYMBOL = """.section .rodata
.balign 16
.globl {name}
.type {name}, @object
.size {name}, 2f - 1f
{name}:
1: .incbin "{file}"
2:
.section .note.GNU-stack, "", @progbits
"""


def run(*command):
    return subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True).stdout


def shrink(library, target):
    """Writes `target`, which takes the place of `library` (libicudata.so.N)."""
    soname = re.search(r"\(SONAME\).*\[(.+)\]", run("readelf", "-d", library))[1]
    package = f"icudt{soname.rsplit('.', 1)[1]}"
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        whole, kept = scratch / "whole" / f"{package}l.dat", scratch / f"{package}l.dat"  # the items' prefix is the file's name
        whole.parent.mkdir()
        run("objcopy", "-O", "binary", "--only-section=.rodata", library, whole)
        dropped = [item for item in run(ICUPKG, "-l", whole).split() if not KEPT.fullmatch(item)]
        (scratch / "dropped.txt").write_text("\n".join(dropped))
        run(ICUPKG, "-r", scratch / "dropped.txt", whole, kept)
        source = scratch / "data.s"
        source.write_text(SYMBOL.format(name=f"{package}_dat", file=kept))
        run("cc", "-shared", "-nostdlib", f"-Wl,-soname,{soname}", "-o", target, source)
