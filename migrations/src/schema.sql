-- The data of Sedia, for PostgreSQL and SQLite. Types in capitals are PostgreSQL's; lib.rs names SQLite's.
--
-- `change` is the log, and the only truth. The tables under "The directory as it is now" repeat what the log adds up
-- to, and are written in the same transaction. Lists and small structures are JSON in text columns: they are read
-- whole. Times are UTC.

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

-- The directory as it is now -----------------------------------------------------------------------------------------

-- Provinces, kabupaten/kota, kecamatan and desa/kelurahan.
CREATE TABLE region (
    code varchar NOT NULL PRIMARY KEY,               -- Kemendagri code such as 33.74.10; what is before the last dot is the parent
    name varchar NOT NULL,                           -- official name
    aliases text NOT NULL,                           -- other names, for the search: JSON list
    lat double precision,                            -- latitude of its point
    lon double precision,                            -- longitude of its point
    precision varchar,                               -- how good the point is: exact, centroid, place, around, parent
    timezone varchar,                                -- Asia/Jakarta, Asia/Makassar or Asia/Jayapura
    postcode varchar,                                -- postal code
    changed_at TIMESTAMPTZ NOT NULL,                 -- when it last changed
    left_at TIMESTAMPTZ                              -- when a facility last moved away: dates the answers of this region
);

-- Kinds of beds, isolation places and vaccination.
CREATE TABLE resource_type (
    code varchar NOT NULL PRIMARY KEY,               -- such as bed.icu_vent
    body text NOT NULL,                              -- labels, attributes and deadlines of freshness: JSON
    changed_at TIMESTAMPTZ NOT NULL                  -- when it last changed
);

-- Hospitals, puskesmas, isolation sites and vaccination sites. None is ever deleted.
CREATE TABLE facility (
    id UUID NOT NULL PRIMARY KEY,                    -- our id, for ever
    name varchar NOT NULL,                           -- name
    kind varchar NOT NULL,                           -- hospital, puskesmas, ...: the operator's word
    region varchar NOT NULL,                         -- the deepest region that is sure
    aliases text NOT NULL,                           -- former names and other spellings: JSON list
    address text,                                    -- street address
    lat double precision,                            -- latitude
    lon double precision,                            -- longitude
    intake text,                                     -- who is taken in and how, unless anybody by any way: JSON
    flags text NOT NULL,                             -- what a coordinator should mend: JSON list
    simulated boolean NOT NULL,                      -- part of the demonstration
    closed boolean NOT NULL,                         -- closed for good: left out of answers
    seq BIGINT NOT NULL,                             -- its last change
    changed_at TIMESTAMPTZ NOT NULL,                 -- when that was
    moved_at TIMESTAMPTZ                             -- when it last came from another region
);

-- The facility's ids in other systems.
CREATE TABLE facility_external_id (
    external_id varchar NOT NULL PRIMARY KEY,        -- system:value, such as kemenkes:3374010
    facility_id UUID NOT NULL REFERENCES facility (id), -- whose
    position integer NOT NULL                        -- its place in the list
);
CREATE INDEX facility_external_id_facility ON facility_external_id (facility_id);

-- The facility's telephones.
CREATE TABLE facility_phone (
    facility_id UUID NOT NULL REFERENCES facility (id), -- whose
    position integer NOT NULL,                       -- its place in the list, best first
    number varchar NOT NULL,                         -- as people write it
    label varchar,                                   -- what answers there, such as IGD
    visibility varchar NOT NULL,                     -- public, or internal: agents and above
    PRIMARY KEY (facility_id, position)
);

-- The newest observation of each type of a facility.
CREATE TABLE availability (
    facility_id UUID NOT NULL REFERENCES facility (id), -- where
    resource_type varchar NOT NULL,                  -- of which type
    capacity integer,                                -- how many there are; null is unknown, in this and the next three
    occupied integer,                                -- how many are in use
    available integer,                               -- how many are free
    queue integer,                                   -- how many people wait
    observed_at TIMESTAMPTZ NOT NULL,                -- when it was true
    received_at TIMESTAMPTZ NOT NULL,                -- when we were told
    source varchar NOT NULL,                         -- facility, bridge, bulk, coordinator, agent_call or simulated
    reporter varchar NOT NULL,                       -- who sent it, by name
    seq BIGINT NOT NULL,                             -- the change it came with
    jump text,                                       -- the numbers before, while nobody has confirmed that they changed so much: JSON
    available_since TIMESTAMPTZ,                     -- since when the facility states that so many are free
    oldest_room_observed_at TIMESTAMPTZ,             -- when the oldest of the rooms was counted that are added up, if that was earlier
    PRIMARY KEY (facility_id, resource_type)
);

-- Rooms as hospital systems report them; what they add up to is in `availability`.
CREATE TABLE room (
    facility_id UUID NOT NULL REFERENCES facility (id), -- where
    system varchar NOT NULL,                         -- the reporting system: kemenkes (RS Online) or aplicares
    room varchar NOT NULL,                           -- the room's id in that system
    code varchar,                                    -- that system's code of what is in it; null if no row ever said
    name varchar NOT NULL,                           -- the room's name
    capacity integer,                                -- as in availability
    occupied integer,                                -- as in availability
    available integer,                               -- as in availability
    queue integer,                                   -- as in availability
    observed_at TIMESTAMPTZ NOT NULL,                -- when it was true
    reporter varchar NOT NULL,                       -- who sent it, by name
    removed boolean NOT NULL,                        -- its system removed it: kept so that an older row does not bring it back
    PRIMARY KEY (facility_id, system, room)
);

-- Vaccination sessions, those that are over for long left out.
CREATE TABLE session (
    id UUID NOT NULL PRIMARY KEY,                    -- our id
    facility_id UUID NOT NULL REFERENCES facility (id), -- who holds it
    body text NOT NULL,                              -- times, product, doses, ages: JSON
    seq BIGINT NOT NULL,                             -- its last change
    changed_at TIMESTAMPTZ NOT NULL                  -- when that was
);
CREATE INDEX session_facility ON session (facility_id);

-- The newest observation of each occurrence of a session.
CREATE TABLE session_availability (
    session_id UUID NOT NULL REFERENCES session (id), -- of which session
    date DATE NOT NULL,                              -- the day it is held, in the region's time
    capacity integer,                                -- the quota; null is unknown, in this and the next three
    occupied integer,                                -- how many are booked or given
    available integer,                               -- how many are left
    queue integer,                                   -- how many people wait
    observed_at TIMESTAMPTZ NOT NULL,                -- when it was true
    received_at TIMESTAMPTZ NOT NULL,                -- when we were told
    source varchar NOT NULL,                         -- as in availability
    reporter varchar NOT NULL,                       -- who sent it, by name
    PRIMARY KEY (session_id, date)
);

-- What people who phone facilities leave there for each other.
CREATE TABLE mark (
    id UUID NOT NULL PRIMARY KEY,                    -- our id
    until TIMESTAMPTZ NOT NULL,                      -- when it ends by itself; then the row goes
    body text NOT NULL                               -- the claim, hold or note: JSON
);
CREATE INDEX mark_until ON mark (until);

-- Whom to call about a region when nothing is free.
CREATE TABLE contact (
    id UUID NOT NULL PRIMARY KEY,                    -- our id
    region varchar,                                  -- where; null is the whole country
    name varchar NOT NULL,                           -- name of the person or office
    role varchar NOT NULL,                           -- such as psc119 or dinkes: the operator's word
    phone varchar NOT NULL,                          -- as people write it
    visibility varchar NOT NULL                      -- public, or internal: agents and above
);

-- Keys and links. Revoked ones stay, so that the log's actors keep their names.
CREATE TABLE api_key (
    id UUID NOT NULL PRIMARY KEY,                    -- our id
    hash varchar NOT NULL UNIQUE,                    -- SHA-256 of the secret, which is kept nowhere
    role varchar NOT NULL,                           -- agent, reporter, link, bridge, coordinator or admin
    name varchar NOT NULL,                           -- what people call it
    facilities text NOT NULL,                        -- the facilities it is for: JSON list
    region varchar,                                  -- the region it is for
    created_at TIMESTAMPTZ NOT NULL,                 -- when it was made
    expires_at TIMESTAMPTZ,                          -- when it stops by itself
    revoked_at TIMESTAMPTZ,                          -- when somebody stopped it
    last_used_at TIMESTAMPTZ                         -- when it was last used, to the minute; not part of the log
);

-- Beside the log -----------------------------------------------------------------------------------------------------

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
    name varchar NOT NULL PRIMARY KEY,               -- dataset: what it is for; probed_at: when the writer last tried whether writes are stored
    value text NOT NULL                              -- the fact
);
