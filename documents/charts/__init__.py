"""What is looked at: a digest of figures as one picture that reads well on a phone."""

from documents.charts.drawing import NoGlyph, NotDrawn, to_png
from documents.charts.picture import lay_out

__all__ = ["NoGlyph", "NotDrawn", "lay_out", "to_png"]
