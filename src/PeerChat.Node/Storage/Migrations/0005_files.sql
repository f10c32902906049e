-- Files that are sent, fetched and kept. Their sealed blocks lie in the folder "files" beside the database; the keys lie here, sealed.

CREATE TABLE files (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    sealed BLOB NOT NULL
) STRICT;
