-- The fourth version: who may use Wick. Of what browsers and programs show, only hashes are kept
-- (SHA-256).

-- A browser that is signed in.
CREATE TABLE device (
    id      INTEGER PRIMARY KEY,
    name    TEXT NOT NULL,
    cookie  BLOB NOT NULL,
    secret  BLOB NOT NULL,
    -- When it asked for something last, to ten minutes, and from where.
    seen    INTEGER NOT NULL,
    address TEXT NOT NULL
) STRICT;

-- A key of a program.
CREATE TABLE api_key (
    id     INTEGER PRIMARY KEY,
    name   TEXT NOT NULL,
    hash   BLOB NOT NULL,
    -- How it begins, for people.
    start  TEXT NOT NULL,
    -- As JSON (`Scope` of the protocol).
    scope  TEXT NOT NULL,
    -- The ids of the models that it is for, as JSON; none = all.
    models TEXT NOT NULL,
    used   INTEGER
) STRICT;
