"""The rules of petition work (信访工作), pure: no messenger, SQL, sentences or clock."""
