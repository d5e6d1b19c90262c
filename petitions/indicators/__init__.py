"""The figures of the reports: which there are, and how each is told.

What each counts, and on which day, stands in docs/reference/indicators.md.
"""

from petitions.indicators.parts import Disagreement, Parts, Share, parts
from petitions.indicators.periods import Kind, Period, Step
from petitions.indicators.rates import Change, Rate, Survey, Timely, Verdicts, percent
from petitions.indicators.report import AGE_BANDS, AGES, Point, Report, Trend
from petitions.indicators.scopes import Scope, scopes_of, scopes_of_group
from petitions.indicators.totals import Counts, Joint, Line, Totals, lines, totals

__all__ = [
    "AGES",
    "AGE_BANDS",
    "Change",
    "Counts",
    "Disagreement",
    "Joint",
    "Kind",
    "Line",
    "Parts",
    "Period",
    "Point",
    "Rate",
    "Report",
    "Scope",
    "Share",
    "Step",
    "Survey",
    "Timely",
    "Totals",
    "Trend",
    "Verdicts",
    "lines",
    "parts",
    "percent",
    "scopes_of",
    "scopes_of_group",
    "totals",
]
