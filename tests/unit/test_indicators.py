"""The figures of the reports, made of counts: periods, rates, tables."""

import json

from figures import a_report


def test_the_report_made_by_hand_agrees_and_can_be_told_as_json() -> None:
    report = a_report()
    assert report.disagreements == ()
    assert json.loads(json.dumps(report.as_json()))["totals"]["registered"] == 1864
