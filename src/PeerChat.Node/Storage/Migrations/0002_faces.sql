-- What faces in other processes need: texts that are sent once however often they are asked for, and answers that can be taken back.

-- Under which reference a text was sent. It is found by its outbox number while it waits there, as that becomes an entry.
CREATE TABLE send_references (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    reference_key BLOB NOT NULL UNIQUE,
    outbox INTEGER,
    sealed BLOB NOT NULL
) STRICT;

CREATE INDEX send_references_by_outbox ON send_references (outbox) WHERE outbox IS NOT NULL;

CREATE TABLE answers (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    peer_key BLOB NOT NULL UNIQUE,
    sealed BLOB NOT NULL
) STRICT;
