"""How were the tables changed, one revision after the other? See docs/how-to/change-the-tables.md.

Nothing but `storage.migrating` imports alembic, and nothing but its commands imports that.
"""
