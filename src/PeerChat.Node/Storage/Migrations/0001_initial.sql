-- The first schema. Numbers are 64-bit and unsigned in the protocol; here 2^63 is taken off, which keeps their order.
-- A column whose name ends in _key is an HMAC of what it stands for; "sealed" columns are ciphertext under the store key.

CREATE TABLE profile (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    key_check BLOB NOT NULL -- tells whether the keystore beside this file is the one it was written under
) STRICT;

-- Rooms and authors, so that the tables below repeat a small number instead of 32 bytes.
CREATE TABLE ids (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 32)
) STRICT;

-- Exact bytes as they travel: the payloads are ciphertext under the room's epochs.
CREATE TABLE entries (
    number INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE CHECK (length(id) = 32),
    room INTEGER NOT NULL REFERENCES ids (number),
    author INTEGER NOT NULL REFERENCES ids (number),
    seq INTEGER NOT NULL,
    clock INTEGER NOT NULL,
    order_clock INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    header BLOB NOT NULL,
    payload BLOB NOT NULL,
    signature BLOB NOT NULL
) STRICT;

-- Not unique: a forked author has two entries at one seq.
CREATE INDEX entries_by_author ON entries (room, author, seq);
CREATE INDEX entries_control ON entries (room) WHERE kind <> 0;
CREATE INDEX entries_shown ON entries (room, order_clock, id) WHERE kind = 0;

CREATE TABLE statements (
    room INTEGER NOT NULL REFERENCES ids (number),
    kind INTEGER NOT NULL,
    author INTEGER NOT NULL REFERENCES ids (number),
    counter INTEGER NOT NULL,
    sealed BLOB NOT NULL,
    PRIMARY KEY (room, kind, author)
) STRICT, WITHOUT ROWID;

CREATE TABLE secrets (
    name_key BLOB PRIMARY KEY,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE contacts (
    peer_key BLOB PRIMARY KEY,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE open_rooms (
    room_key BLOB PRIMARY KEY,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- AUTOINCREMENT: a number that was shown to the user never means another text.
CREATE TABLE outbox (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    target_key BLOB NOT NULL,
    sealed BLOB NOT NULL
) STRICT;

CREATE INDEX outbox_by_target ON outbox (target_key, number);

CREATE TABLE drafts (
    chat_key BLOB PRIMARY KEY,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE input_lines (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_key BLOB NOT NULL,
    sealed BLOB NOT NULL
) STRICT;

CREATE INDEX input_lines_by_chat ON input_lines (chat_key, number);

-- The names are words of the program, so they stand in the clear.
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
