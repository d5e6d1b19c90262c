"""Tables, queries and units of work: the inbox, the drafts, the record, the outbox."""
