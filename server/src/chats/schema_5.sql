-- The fifth version: pictures in messages. They stand behind everything else in a message, and a JPEG in
-- base64 begins like this behind its fence; no words are looked for in them.

DROP TRIGGER message_word_new;
DROP TRIGGER message_word_gone;
DROP TRIGGER message_word_changed;
DROP TABLE message_word;

-- What is said in a message, without its pictures.
CREATE VIEW message_said AS
    SELECT id, substr(text, 1, instr(text || '```' || char(10) || '/9j/', '```' || char(10) || '/9j/') - 1)
        AS text FROM message;

CREATE VIRTUAL TABLE message_word USING fts5 (
    text, content = 'message_said', content_rowid = 'id',
    tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3 4'
);
CREATE TRIGGER message_word_new AFTER INSERT ON message BEGIN
    INSERT INTO message_word (rowid, text)
    VALUES (new.id, substr(new.text, 1, instr(new.text || '```' || char(10) || '/9j/', '```' || char(10) || '/9j/') - 1));
END;
CREATE TRIGGER message_word_gone AFTER DELETE ON message BEGIN
    INSERT INTO message_word (message_word, rowid, text)
    VALUES ('delete', old.id, substr(old.text, 1, instr(old.text || '```' || char(10) || '/9j/', '```' || char(10) || '/9j/') - 1));
END;
CREATE TRIGGER message_word_changed AFTER UPDATE OF text ON message BEGIN
    INSERT INTO message_word (message_word, rowid, text)
    VALUES ('delete', old.id, substr(old.text, 1, instr(old.text || '```' || char(10) || '/9j/', '```' || char(10) || '/9j/') - 1));
    INSERT INTO message_word (rowid, text)
    VALUES (new.id, substr(new.text, 1, instr(new.text || '```' || char(10) || '/9j/', '```' || char(10) || '/9j/') - 1));
END;

INSERT INTO message_word (message_word) VALUES ('rebuild');
