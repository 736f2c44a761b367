#!/usr/bin/env python3
"""Whether a whole run of the tests was whole: check_tests.py REPORT, ctest's report in JUnit's form.

Exit 1 when fewer tests ran than test/least says, and, where TARN_DATA names the material that tests can use, when one was skipped for want
of it. Says nothing when all is well, but which tests were skipped: ctest's summary is the last line then.
"""
import os
import pathlib
import sys
import xml.etree.ElementTree as ET

LEAST = pathlib.Path(__file__).resolve().parent.parent / "test" / "least"


def main():
    cases = ET.parse(sys.argv[1]).getroot().findall("testcase")
    skipped = [case for case in cases if case.find("skipped") is not None]
    without_data = [case.get("name") for case in skipped if "TARN_DATA" in (case.findtext("system-out") or "")]
    ran, least = len(cases) - len(skipped), int(LEAST.read_text(encoding="utf-8"))
    wrong = []
    if ran < least:
        wrong.append(f"{ran} tests ran, and test/least says {least}: where a test goes on purpose, the number there goes down with it")
    if without_data and os.environ.get("TARN_DATA"):
        wrong.append("TARN_DATA is set, and these found nothing there: " + ", ".join(without_data))
    elif skipped:
        print("check_tests: skipped: " + ", ".join(case.get("name") for case in skipped), file=sys.stderr)
    for what in wrong:
        print("check_tests: " + what, file=sys.stderr)
    sys.exit(bool(wrong))


main()
