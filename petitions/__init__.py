"""The rules of petition work (信访工作), pure: no messenger, no SQL, no sentences, no clock of its own."""
