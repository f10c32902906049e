-- Private rooms, and the invitations to them that one has given out.

CREATE TABLE private_rooms (
    room_key BLOB PRIMARY KEY,
    sealed BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- AUTOINCREMENT: a number that was shown to the user never means another invitation.
CREATE TABLE invitations (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    sealed BLOB NOT NULL
) STRICT;
