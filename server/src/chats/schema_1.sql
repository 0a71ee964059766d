-- The first version of the database. Times are milliseconds since 1970.

CREATE TABLE chat (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    title   TEXT NOT NULL,
    created INTEGER NOT NULL,
    -- When something was last said in it.
    changed INTEGER NOT NULL,
    -- When it was taken away; it can be restored until it is purged.
    deleted INTEGER
) STRICT;

CREATE INDEX chat_by_change ON chat (changed DESC) WHERE deleted IS NULL;

-- A chat is a tree of messages; the first one has no parent.
CREATE TABLE message (
    id     INTEGER PRIMARY KEY AUTOINCREMENT,
    chat   INTEGER NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
    parent INTEGER REFERENCES message (id) ON DELETE CASCADE,
    author TEXT NOT NULL CHECK (author IN ('person', 'model')),
    -- Of an answer: the name of the model.
    model  TEXT,
    text   TEXT NOT NULL,
    -- Of an answer: how far it is, as JSON (`AnswerState` of the protocol).
    state  TEXT,
    -- Of an answer: what it took, as JSON (`Stats` of the protocol).
    stats  TEXT,
    sent   INTEGER NOT NULL,
    -- Of a person's message: made by the page, so that sending it twice makes one message.
    key    TEXT UNIQUE
) STRICT;

CREATE INDEX message_by_chat ON message (chat, id);
CREATE INDEX message_by_parent ON message (parent);

-- What was added to an answer that is being written: appended, because rewriting a growing text
-- costs its square. Folded into the message when the answer ends.
CREATE TABLE piece (
    message INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
    -- Where it begins, in bytes of the answer's UTF-8.
    at      INTEGER NOT NULL,
    text    TEXT NOT NULL,
    PRIMARY KEY (message, at)
) STRICT, WITHOUT ROWID;

-- What a person chose, as JSON.
CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
