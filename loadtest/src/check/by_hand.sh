#!/bin/sh
# Stands in for the program saksama: says what a test wrote into the folder that would be the data directory.
case "$1" in
journal)
    cat "$3/journal.jsonl"
    test ! -e "$3/broken" || { cat "$3/broken" >&2; exit 1; }
    ;;
fsck)
    cat "$3/findings"
    test ! -s "$3/findings" || exit 3
    ;;
esac
