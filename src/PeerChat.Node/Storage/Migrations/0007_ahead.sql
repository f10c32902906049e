-- The newer ends of logs whose older part is still to come: ranges as they travel, none of which is an entry yet.

CREATE TABLE ahead (
    room INTEGER NOT NULL REFERENCES ids (number),
    author INTEGER NOT NULL REFERENCES ids (number),
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    previous BLOB NOT NULL CHECK (length(previous) = 32),
    first_clock INTEGER NOT NULL,
    last_clock INTEGER NOT NULL,
    size INTEGER NOT NULL,
    has_control INTEGER NOT NULL,
    ids BLOB NOT NULL, -- the first eight bytes of each entry's id
    entries BLOB NOT NULL, -- last, so that the columns above are read without it
    PRIMARY KEY (room, author, first)
) STRICT;
