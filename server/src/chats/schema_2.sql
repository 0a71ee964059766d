-- The second version: which branch was walked last, what waits, folders, search.

-- The higher, the later it was walked: of the messages with one parent, the highest is shown.
ALTER TABLE message ADD COLUMN walked INTEGER NOT NULL DEFAULT 0;
-- When it was taken away with all that follows it; it can be restored until it is purged.
ALTER TABLE message ADD COLUMN deleted INTEGER;
UPDATE message SET walked = id;

CREATE TABLE folder (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL
) STRICT;

ALTER TABLE chat ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chat ADD COLUMN archived INTEGER NOT NULL DEFAULT 0;
ALTER TABLE chat ADD COLUMN folder INTEGER REFERENCES folder (id) ON DELETE SET NULL;
-- Whether somebody named it, a person or the model; else the title is how it begins.
ALTER TABLE chat ADD COLUMN named INTEGER NOT NULL DEFAULT 1;
CREATE INDEX chat_by_folder ON chat (folder);

-- A person's message that waits for the end of an answer, in the order of `rowid`.
CREATE TABLE queued (
    key  TEXT NOT NULL UNIQUE,
    chat INTEGER NOT NULL REFERENCES chat (id) ON DELETE CASCADE,
    text TEXT NOT NULL
) STRICT;
CREATE INDEX queued_by_chat ON queued (chat);

-- What was written and not sent; chat 0 is a new one.
CREATE TABLE draft (
    chat INTEGER PRIMARY KEY,
    text TEXT NOT NULL
) STRICT;
CREATE TRIGGER draft_goes AFTER DELETE ON chat BEGIN
    DELETE FROM draft WHERE chat = old.id;
END;

-- The words of all messages and titles, by the ids of what they are in.
CREATE VIRTUAL TABLE message_word USING fts5 (
    text, content = 'message', content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3 4'
);
CREATE TRIGGER message_word_new AFTER INSERT ON message BEGIN
    INSERT INTO message_word (rowid, text) VALUES (new.id, new.text);
END;
CREATE TRIGGER message_word_gone AFTER DELETE ON message BEGIN
    INSERT INTO message_word (message_word, rowid, text) VALUES ('delete', old.id, old.text);
END;
CREATE TRIGGER message_word_changed AFTER UPDATE OF text ON message BEGIN
    INSERT INTO message_word (message_word, rowid, text) VALUES ('delete', old.id, old.text);
    INSERT INTO message_word (rowid, text) VALUES (new.id, new.text);
END;

CREATE VIRTUAL TABLE title_word USING fts5 (
    title, content = 'chat', content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3 4'
);
CREATE TRIGGER title_word_new AFTER INSERT ON chat BEGIN
    INSERT INTO title_word (rowid, title) VALUES (new.id, new.title);
END;
CREATE TRIGGER title_word_gone AFTER DELETE ON chat BEGIN
    INSERT INTO title_word (title_word, rowid, title) VALUES ('delete', old.id, old.title);
END;
CREATE TRIGGER title_word_changed AFTER UPDATE OF title ON chat BEGIN
    INSERT INTO title_word (title_word, rowid, title) VALUES ('delete', old.id, old.title);
    INSERT INTO title_word (rowid, title) VALUES (new.id, new.title);
END;

INSERT INTO message_word (message_word) VALUES ('rebuild');
INSERT INTO title_word (title_word) VALUES ('rebuild');
