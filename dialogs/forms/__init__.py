"""Forms: steps that are data, kinds of step that ask and check, and the engine that walks them.

Nothing here knows what a petition is.
"""

from dialogs.forms.base import Form, Step

__all__ = ["Form", "Step"]
