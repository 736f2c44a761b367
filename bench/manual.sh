# For the benches that search the manual of the Debian package postgresql-doc-15; source it in the checkout's root.

manual_pages() {  # FOLDER: makes it, with the manual's 1,169 pages, once
  [ ! -d "$1" ] || return 0
  rm -rf "$1.new"
  mkdir -p "$1.new"
  cp -L /usr/share/doc/postgresql-doc-15/html/*.html "$1.new"
  mv "$1.new" "$1"
}
