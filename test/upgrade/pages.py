"""The source of the lakes that stand here, as make.py wrote it at first."""
from pathlib import Path

WIKI = Path("/srv/wiki")
PAGES = {
    "harbour/tides.md": "---\ntitle: Tides\ntags: [harbour, water]\nstation: 12\n---\n# Tides\n\nHigh water at the quay is at noon on the first day of "
    "the month, and fifty minutes later on each day after it.\n\n## Springs\n\nSpring tides reach the third step of the quay.\n",
    "harbour/ropes.html": "<!doctype html><html lang=en><title>Ropes</title><main><h1>Ropes</h1><p>The rope locker is blue. Anna keeps the key of "
    "the locker.</p><table><tr><th>rope<th>metres<tr><td>stern line<td>12<tr><td>spring line<td>18</table></main></html>",
    "ports.md": "# Ports\n\n| service | port |\n|---|---|\n| billing | 7443 |\n| ledger | 7444 |\n\n```sh\ncurl http://127.0.0.1:7443/health\n```\n",
    "notes/ebbe.txt": "Bei Ebbe f\u00e4llt der Schlick trocken.\n".encode("latin-1"),
    "notes/old.md": "# Old quay\n\nThe old quay was closed after the storm.\n",
    "notes/chart.png": b"\x89PNG\r\n\x1a\n\x00\x00",
}
