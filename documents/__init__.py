"""What is printed or looked at: papers (文书) and dossiers (一案一档) as PDF, digests as pictures.

A paper is a frozen value of plain facts. `facts_of` makes it fit to be stored, `read` brings it
back, `draw` makes the file, `file_name` the name under which it is sent. What typesets and what
draws are heavy and are loaded with the first paper and the first picture.
"""

from documents.registry import AnyPaper, draw, facts_of, file_name, read

__all__ = ["AnyPaper", "draw", "facts_of", "file_name", "read"]
