-- The third version: instructions for the model, presets.

-- What the model is told before everything that is said in the chat; empty for nothing.
ALTER TABLE chat ADD COLUMN instructions TEXT NOT NULL DEFAULT '';

-- What a person set up for chats of one kind.
CREATE TABLE preset (
    name         TEXT PRIMARY KEY,
    instructions TEXT NOT NULL,
    -- As JSON (`Sampling` of the protocol).
    sampling     TEXT NOT NULL,
    -- The id of the model that was chosen with it.
    model        TEXT,
    -- Whether new chats begin with its instructions; one does at most.
    is_default   INTEGER NOT NULL DEFAULT 0
) STRICT;
