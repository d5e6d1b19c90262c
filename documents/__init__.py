"""What is printed: the papers of a case (文书) and its dossier (一案一档), as PDF.

A paper is a frozen value of plain facts. `facts_of` makes it fit to be stored, `read` brings it
back, `draw` makes the PDF, `file_name` the name under which it is sent. The typesetter is heavy
and is loaded with the first paper.
"""

from documents.registry import AnyPaper, draw, facts_of, file_name, read

__all__ = ["AnyPaper", "draw", "facts_of", "file_name", "read"]
