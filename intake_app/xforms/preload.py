"""jr:preload: values a form has from the moment it is opened."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from intake_app.xforms.instance import InstanceNode
from intake_app.xforms.xpath.dates import format_datetime


class Clock(Protocol):
    """Where preloads come from."""

    def now(self) -> datetime: ...
    def uuid(self) -> str: ...


def apply_preloads(top: InstanceNode, host: Clock) -> None:
    """Fill the preloads of a new filling. What the device would know stays empty."""
    for node in top.inside():
        bind = node.definition.bind
        if bind is None or not bind.preload or node.definition.children:
            continue
        value = _preload(bind.preload, bind.preload_parameters, host)
        if value:
            node.text = value


def _preload(kind: str, parameters: str, host: Clock) -> str:
    if kind == "uid":
        return f"uuid:{host.uuid()}"
    if kind == "timestamp" and parameters == "start":
        return format_datetime(host.now())
    if kind == "date" and parameters == "today":
        return host.now().date().isoformat()
    return ""


def is_end_timestamp(node: InstanceNode) -> bool:
    """Whether the node gets the time of finishing."""
    bind = node.definition.bind
    return bind is not None and bind.preload == "timestamp" and bind.preload_parameters == "end"
