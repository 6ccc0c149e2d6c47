-- The data of Sedia, for PostgreSQL and SQLite. Types in capitals are PostgreSQL's; lib.rs names SQLite's.
--
-- `change` is the log, and the only truth. `current_row` repeats what the log adds up to, and is written in the same
-- transaction. What is only ever read whole is JSON in a text column. Times are UTC.

-- The log ------------------------------------------------------------------------------------------------------------

-- One row for each change of the directory, in the order of commits.
CREATE TABLE change (
    seq BIGINT NOT NULL PRIMARY KEY,                 -- 1, 2, 3, ... without gaps
    at TIMESTAMPTZ NOT NULL,                         -- when it was received
    actor varchar NOT NULL,                          -- who made it: key:ID, the public, or the operator's word
    facility_id UUID,                                -- the facility it is about, if it is about one
    body text NOT NULL,                              -- the change itself, as JSON
    late text                                        -- types of a report for which a newer observation was known, separated by commas
);
CREATE INDEX change_facility ON change (facility_id, seq);

-- States to start from, so that the log before them can go.
CREATE TABLE checkpoint (
    seq BIGINT NOT NULL PRIMARY KEY,                 -- the last change in it
    at TIMESTAMPTZ NOT NULL,                         -- since when all of it was known
    body BYTEA NOT NULL                              -- the rows of that moment without keys: JSON lines, gzip
);

-- Reports that have left the log, one row for each facility, day and type.
CREATE TABLE daily (
    facility_id UUID NOT NULL,                       -- whose reports; it may be forgotten by now
    resource_type varchar NOT NULL,                  -- code of the type, or of the session
    day varchar NOT NULL,                            -- the UTC day they were received on, such as 2021-07-01
    available_min integer,                           -- the least that was free
    available_max integer,                           -- the most that was free
    available_last integer,                          -- what was free by the last report
    capacity_last integer,                           -- the capacity by the last report
    reports integer NOT NULL,                        -- how many reports there were
    PRIMARY KEY (facility_id, day, resource_type)
);
CREATE INDEX daily_day ON daily (day);

-- What was known of each region at some moments of each day, made from the log.
CREATE TABLE trend (
    region varchar NOT NULL,                         -- code of the region; empty is the whole country, which every moment has
    at TIMESTAMPTZ NOT NULL,                         -- the moment
    totals text NOT NULL,                            -- the totals of beds and isolation places by type, as JSON
    PRIMARY KEY (region, at)
);
CREATE INDEX trend_at ON trend (at);

-- The directory as it is now -----------------------------------------------------------------------------------------

-- What the log adds up to, one row for each thing. Nothing is looked up here: a node reads all of it when it starts.
-- `snapshot::Row` documents each kind and its body. To look into it by hand on PostgreSQL:
--     SELECT body::json #>> '{facility,facility,name}' FROM current_row WHERE kind = 'facility';
-- and on SQLite:
--     SELECT body ->> '$.facility.facility.name' FROM current_row WHERE kind = 'facility';
CREATE TABLE current_row (
    kind varchar NOT NULL,                           -- resource_type, region, left, facility, reading, session, room, mark, contact or key
    id varchar NOT NULL,                             -- the code or id; of a reading and a room, the facility's id is before it
    body text NOT NULL,                              -- the thing itself, as JSON
    ends_at TIMESTAMPTZ,                             -- when a mark or a sign-in ends by itself; then its row goes
    PRIMARY KEY (kind, id)
);
CREATE INDEX current_row_ends_at ON current_row (ends_at);

-- Beside the log -----------------------------------------------------------------------------------------------------

-- When keys and links were last used, to the minute.
CREATE TABLE key_use (
    key_id UUID NOT NULL PRIMARY KEY,                -- which
    used_at TIMESTAMPTZ NOT NULL                     -- when
);

-- What accepted requests were told, for a day: a retry gets the same answer and does nothing.
CREATE TABLE idempotency (
    principal varchar NOT NULL,                      -- who sent the request
    idempotency_key varchar NOT NULL,                -- its Idempotency-Key
    fingerprint varchar NOT NULL,                    -- hash of method, path and body
    receipt text NOT NULL,                           -- the answer: JSON
    at TIMESTAMPTZ NOT NULL,                         -- when it was accepted
    PRIMARY KEY (principal, idempotency_key)
);
CREATE INDEX idempotency_at ON idempotency (at);

-- How often questions found nothing. Nothing tells who asked.
CREATE TABLE demand (
    day DATE NOT NULL,                               -- the UTC day
    region varchar NOT NULL,                         -- where; empty is the whole country
    kind varchar NOT NULL,                           -- bed, isolation or vaccination
    wanted varchar NOT NULL,                         -- the rest of the question in canonical form
    questions BIGINT NOT NULL,                       -- how many
    PRIMARY KEY (day, region, kind, wanted)
);

-- Facts about this database itself.
CREATE TABLE setting (
    name varchar NOT NULL PRIMARY KEY,               -- dataset: what it is for; epoch: of the log; needs: the last migration that programs must know; probed_at: when the writer last tried whether writes are stored
    value text NOT NULL                              -- the fact
);
