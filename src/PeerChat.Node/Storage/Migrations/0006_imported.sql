-- Messages from exports. Nobody vouches for them, so they are no entries.

-- AUTOINCREMENT: a number that was shown to the user never means another text.
CREATE TABLE imported (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    chat_key BLOB NOT NULL,
    message_key BLOB NOT NULL, -- of the id that the export gives it, so that a second import adds nothing
    sent INTEGER NOT NULL, -- milliseconds since 1970, in the clear as those of entries
    sealed BLOB NOT NULL,
    UNIQUE (message_key, chat_key)
) STRICT;

CREATE INDEX imported_shown ON imported (chat_key, sent, number);
