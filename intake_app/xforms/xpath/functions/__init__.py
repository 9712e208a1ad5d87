"""The function library: XPath 1.0 core, and what ODK XForms adds or changes."""

from __future__ import annotations

from intake_app.xforms.xpath.functions import core, dates, forms, geo, numbers, selects, strings
from intake_app.xforms.xpath.functions.base import Function, Functions

CORE_FUNCTIONS: Functions = {**core.FUNCTIONS, "current": forms.FUNCTIONS["current"]}
ODK_FUNCTIONS: Functions = {
    **core.FUNCTIONS,
    **strings.FUNCTIONS,
    **numbers.FUNCTIONS,
    **dates.FUNCTIONS,
    **selects.FUNCTIONS,
    **forms.FUNCTIONS,
    **geo.FUNCTIONS,
}

__all__ = ["CORE_FUNCTIONS", "ODK_FUNCTIONS", "Function", "Functions"]
