"""What are the figures of a period? Counted by the database, so that memory does not grow."""

from datetime import date

from petitions.indicators import Period, Report, Scope
from petitions.office import Office
from storage.unit import Unit


def report(unit: Unit, office: Office, scope: Scope, period: Period, today: date) -> Report:
    """The report of `period` for whoever `scope` was made for, as it stands on `today`.

    `today` is the office's date: what happened later is not counted.
    """
    raise NotImplementedError  # the shapes are settled first
