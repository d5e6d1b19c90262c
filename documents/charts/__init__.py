"""What is looked at: a digest of figures as one picture that reads well on a phone."""

from documents.charts.picture import lay_out
from documents.charts.render import NoGlyph, drawn, to_png

__all__ = ["NoGlyph", "drawn", "lay_out", "to_png"]
