-- What is left of what a client may do, or all clients together. A row goes once its quota is whole again, after minutes.
CREATE TABLE quota (
    id varchar NOT NULL PRIMARY KEY,                 -- what is limited; of one client, also a hash of its address
    whole_at BIGINT NOT NULL                         -- when it is whole again if nothing more is taken: microseconds since 1970
);
