-- The table of every peer: the columns of postern.deliveries that a team without lanes and partitions would have.
DROP TABLE IF EXISTS deliveries;
CREATE TABLE deliveries (
    id           uuid PRIMARY KEY,               -- version 7: carries the time of arrival
    org_id       uuid NOT NULL,
    endpoint_id  uuid NOT NULL,
    platform     text NOT NULL,
    headers      bytea NOT NULL,                 -- "Name: value" lines
    body         bytea NOT NULL,
    stored_at    timestamptz NOT NULL DEFAULT now()
);
