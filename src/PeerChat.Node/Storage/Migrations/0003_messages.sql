-- What has become of payloads, what entries say about others, a cache of texts to search in, and what the user wants of each chat.

ALTER TABLE entries ADD COLUMN payload_state INTEGER NOT NULL DEFAULT 0;

CREATE INDEX entries_by_state ON entries (room, payload_state, number) WHERE kind = 0 AND payload_state <> 0;
CREATE INDEX entries_by_arrival ON entries (room, number) WHERE kind = 0;

-- The target stands inside of payloads, so here too only under a key.
CREATE TABLE entry_references (
    target_key BLOB NOT NULL,
    entry INTEGER NOT NULL REFERENCES entries (number),
    PRIMARY KEY (target_key, entry)
) STRICT, WITHOUT ROWID;

-- Each page holds the texts of a room's content entries from one arrival to another.
CREATE TABLE search_pages (
    number INTEGER PRIMARY KEY,
    room INTEGER NOT NULL REFERENCES ids (number),
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    sealed BLOB NOT NULL
) STRICT;

CREATE UNIQUE INDEX search_pages_by_room ON search_pages (room, last);

CREATE TABLE chat_settings (
    chat_key BLOB PRIMARY KEY,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
