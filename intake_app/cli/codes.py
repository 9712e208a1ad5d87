"""Exit codes of every subcommand; `intake --help` prints them."""

from __future__ import annotations

OK = 0
REFUSED = 1
USAGE = 2
NO_DISPLAY = 3
WAITING = 4
UNEXPECTED = 70
LOCKED = 75

EXPLAINED = """exit codes:
  0   done
  1   refused: the input was read, and something is wrong with it (said on standard error)
  2   the command line itself is wrong
  3   a window is needed and there is no display
  4   sync: something waits for a connection; nothing is lost, the next run goes on
  70  an unexpected error; nothing about any person is printed
  75  only between the program and its launcher: locked, start again
"""
