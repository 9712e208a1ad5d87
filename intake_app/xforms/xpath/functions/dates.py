"""Dates and times (xforms-spec, date functions); the clock and its zone come from the host."""

from __future__ import annotations

import math
from datetime import datetime, tzinfo

from intake_app.xforms.xpath.ast import Call
from intake_app.xforms.xpath.compiled import Compiled
from intake_app.xforms.xpath.dates import (
    date_from_days,
    datetime_from_days,
    format_datetime,
    format_pattern,
    local,
    parse_datetime,
    parse_time,
    utc_days_of,
)
from intake_app.xforms.xpath.functions.base import Compile, Function, Functions, from_host
from intake_app.xforms.xpath.nodes import Node
from intake_app.xforms.xpath.scope import Frame, Scope
from intake_app.xforms.xpath.values import Value, text_of


def to_date(value: Value, zone: tzinfo | None) -> str:
    """ODK date(): a number counts days, a date-time becomes its local date, else ""."""
    if isinstance(value, bool):
        return ""
    if isinstance(value, float):
        return date_from_days(value)
    moment = parse_datetime(text_of(value).strip())
    return "" if moment is None else local(moment, zone).date().isoformat()


def to_datetime(value: Value, zone: tzinfo | None) -> str:
    """ODK date-time(): a number counts days from UTC; a date stays a date; else ""."""
    if isinstance(value, bool):
        return ""
    if isinstance(value, float):
        return datetime_from_days(value, zone)
    text = text_of(value).strip()
    moment = parse_datetime(text)
    if moment is None:
        return ""
    if "T" not in text:
        return moment.date().isoformat()
    if moment.tzinfo is None:
        return text
    try:
        return format_datetime(moment.astimezone(zone))
    except (OverflowError, ValueError):  # the edge of what a calendar holds
        return text


def _convert(convert: object) -> Function:
    def build(call: Call, scope: Scope, compile_: Compile) -> Compiled:
        run = compile_(call.arguments[0], scope).run
        act = to_date if convert is to_date else to_datetime
        return Compiled("string", lambda n, f: act(run(n, f), f.host.zone), moment=True)

    return Function(1, 1, build)


def _moment(value: Value, zone: tzinfo | None) -> datetime | None:
    """What is to be formatted, as local time."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        text = datetime_from_days(value, zone) if value == value else ""
    else:
        text = text_of(value).strip()
    moment = parse_datetime(text)
    if moment is None:
        clock = parse_time(text)
        if clock is None:
            return None
        moment = datetime.combine(datetime(1970, 1, 1).date(), clock)  # noqa: DTZ001
        return moment.replace(tzinfo=None)
    return local(moment, zone)


def _format(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    run = compile_(call.arguments[0], scope).run
    pattern = compile_(call.arguments[1], scope).string()

    def format_(node: Node, frame: Frame) -> str:
        moment = _moment(run(node, frame), frame.host.zone)
        return "" if moment is None else format_pattern(moment, pattern(node, frame))

    return Compiled("string", format_)


def _decimal_date_time(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    argument = call.arguments[0]
    if isinstance(argument, Call) and argument.name in ("date", "date-time"):
        # Those keep the time of day of what they are given, also where they show none (JavaRosa).
        argument = argument.arguments[0] if len(argument.arguments) == 1 else argument
    run = compile_(argument, scope).run

    def decimal(node: Node, frame: Frame) -> float:
        value = run(node, frame)
        if isinstance(value, float):
            # A number is a date: whole local days, as in JavaRosa.
            value = date_from_days(value)
        return utc_days_of(text_of(value).strip(), frame.host.zone)

    return Compiled("number", decimal)


def _decimal_time(call: Call, scope: Scope, compile_: Compile) -> Compiled:
    text = compile_(call.arguments[0], scope).string()

    def decimal(node: Node, frame: Frame) -> float:
        clock = parse_time(text(node, frame).strip())
        if clock is None:
            return math.nan
        # A time with an offset is read on the day it is now, in the local zone.
        moment = datetime.combine(frame.host.now().date(), clock)
        moment = local(moment, frame.host.zone)
        seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
        return (seconds + moment.microsecond / 1e6) / 86400

    return Compiled("number", decimal)


FUNCTIONS: Functions = {
    "date": _convert(to_date),
    "date-time": _convert(to_datetime),
    "decimal-date-time": Function(1, 1, _decimal_date_time),
    "decimal-time": Function(1, 1, _decimal_time),
    "format-date": Function(2, 2, _format),
    "format-date-time": Function(2, 2, _format),
    "now": from_host("string", lambda frame: format_datetime(frame.host.now())),
    "today": from_host("string", lambda frame: frame.host.now().date().isoformat()),
}
