#!/usr/bin/env bash
# Unpacks the two archives of ./tools/dev package in a bare Debian 12 (debootstrap, minbase) and, without network, pulls a folder and
# answers. Needs root for chroot and unshare, and a Debian mirror the first time (DEBIAN_MIRROR, else the one that apt uses here).
set -euo pipefail
cd "$(dirname "$0")/.."
[ "$(id -u)" = 0 ] || exec sudo DEBIAN_MIRROR="${DEBIAN_MIRROR:-}" "$0" "$@"

base=$PWD/build/bare-debian
mirror=${DEBIAN_MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 'Codename: bookworm' 2>/dev/null | sort -u | head -1)}
if [ ! -e "$base/.complete" ]; then
  rm -rf "$base"
  debootstrap --variant=minbase bookworm "$base" "$mirror" >&2
  rm -rf "$base"/var/cache/apt/archives/*.deb
  touch "$base/.complete"
fi

root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
cp -a "$base/." "$root"
version=$(sed -n 's/^project(tarn VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
for part in tarn tarn-meaning; do
  zstd -dc "dist/$part-$version-linux-$(uname -m).tar.zst" | tar -x -C "$root/opt"
done
mkdir -p "$root/docs/guide"
printf '# Install\n\nUnpack the archive and put `tarn/bin` on your path.\n\n## Linux\n\nDebian 12 or newer is needed.\n' >"$root/docs/guide/install.md"
printf '# Backups\n\nCopy the lake directory while no pull is running; a copy made meanwhile may miss the newest commit.\n' >"$root/docs/backups.md"
# The package holds a part of ICU's data: a converter and a dictionary of words.
printf '<meta charset=shift_jis><title>\x89\xaf\x82\xc9\x82\xa0\x82\xe9</title><p>\x93\x8c\x8b\x9e\x93s\x82\xcc\x93V\x8bC\x82\xcd\x90\xb0\x82\xea' >"$root/docs/weather.html"
printf '# ภาษา\n\nฉันรักภาษาไทยมาก\n' >"$root/docs/thai.md"

# A Word document, whose archive and XML need libraries of the package.
python3 - "$root/docs/mooring.docx" <<'END'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("word/document.xml", "<w:document><w:body><w:p><w:r><w:t>Two lines hold the ferry at her berth.</w:t></w:r></w:p></w:body></w:document>")
END

# The loader finds the program's libraries by /proc/self/exe, so /proc must be there, as in every container and on every machine.
inside() {
  unshare --net --mount /bin/sh -c 'mount -t proc proc "$0/proc" && exec chroot "$0" /usr/bin/env -i "$@"' "$root" \
    PATH=/opt/tarn/bin:/usr/bin:/bin HOME=/root LANG=C.UTF-8 TARN_LAKE=/lake "$@"
}
expect() {  # text command…
  local text=$1 output; shift
  output=$(inside "$@") || { echo "test_package: $* failed" >&2; exit 1; }
  grep -qF "$text" <<<"$output" || { printf 'test_package: %s: no "%s" in:\n%s\n' "$*" "$text" "$output" >&2; exit 1; }
  echo "test_package: ok: $*"
}

expect "$version" tarn --version
inside tarn pull /docs --into main.docs
expect 1 tarn sql "select 1"
expect install.md tarn search --mode lexical "unpack archive"
expect install.md tarn search --mode semantic "how do I set it up"
expect backups.md tarn search "copy the lake"
expect "Copy the lake directory" tarn ask "When can I copy the lake directory?"
expect 天気 tarn sql "select body from main.docs where uri like '%weather%'"
expect mooring.docx tarn search --mode lexical "ferry berth"
expect thai.md tarn search --mode lexical ภาษาไทย
expect "" tarn check
echo "test_package: a bare Debian 12 pulls, finds and answers without network"
