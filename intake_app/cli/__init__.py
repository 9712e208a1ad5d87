"""One file per subcommand, over the same flows as the windows."""

from __future__ import annotations
