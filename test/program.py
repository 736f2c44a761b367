"""The real program under test, for the scripts that drive it: `--tarn PATH` names it."""
import argparse
import subprocess
import sys
from pathlib import Path

_parser = argparse.ArgumentParser()
_parser.add_argument("--tarn", required=True)
TARN = str(Path(_parser.parse_args().tarn).resolve())


def expect(condition, what):
    """Ends the script, as a failure, where the condition does not hold."""
    if not condition:
        sys.exit(f"{Path(sys.argv[0]).parent.name}: {what}")


def tarn(*words, rc=0, errors="strict", **more):
    """Runs it; the exit code must be `rc`, where that is not None. `errors` says what becomes of output that is no UTF-8."""
    done = subprocess.run([TARN, *words], capture_output=True, text=True, errors=errors, timeout=120, **more)
    expect(rc in (None, done.returncode), f"tarn {' '.join(words)}: exit code {done.returncode}, not {rc}\n{done.stdout}\n{done.stderr}")
    return done


def pdf(pages):
    """A PDF with a line of text on each page."""
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(pages)))
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
               "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"]
    for i, text in enumerate(pages):
        content = f"BT /F1 11 Tf 72 700 Td ({text}) Tj ET"
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * i} 0 R /Resources << /Font << /F1 3 0 R >> >> >>")
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    out, places = "%PDF-1.7\n", []
    for i, body in enumerate(objects):
        places.append(len(out))
        out += f"{i + 1} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    return (out + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\n"
            f"startxref\n{len(out)}\n%%EOF\n").encode("latin-1")
