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
