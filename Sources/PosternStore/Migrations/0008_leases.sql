-- One lease for each consumer instead of one for each lane: renewing it makes one version of one row. As long as a
-- transaction elsewhere stays open no version can be cleared away, and every look at the log reads `lanes`.
ALTER TABLE postern.lanes DROP COLUMN leased_until;
ALTER TABLE postern.consumers
    ADD COLUMN leased_until timestamptz NOT NULL DEFAULT '-infinity';  -- its lanes stay its own until then
GRANT SELECT (id, leased_until) ON postern.consumers TO postern_gateway;  -- its health says whose lanes nobody works
