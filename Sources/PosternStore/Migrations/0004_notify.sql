-- Gateways keep the endpoints in memory; a change of configuration tells them to look again.
CREATE FUNCTION postern.notify_directory() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM pg_notify('postern_directory', TG_TABLE_NAME);
    RETURN NULL;
END $$;
CREATE TRIGGER notify_directory AFTER INSERT OR UPDATE OR DELETE ON postern.organizations
    FOR EACH STATEMENT EXECUTE FUNCTION postern.notify_directory();
CREATE TRIGGER notify_directory AFTER INSERT OR UPDATE OR DELETE ON postern.endpoints
    FOR EACH STATEMENT EXECUTE FUNCTION postern.notify_directory();
CREATE TRIGGER notify_directory AFTER INSERT OR UPDATE OR DELETE ON postern.endpoint_secrets
    FOR EACH STATEMENT EXECUTE FUNCTION postern.notify_directory();
CREATE TRIGGER notify_directory AFTER INSERT OR UPDATE OR DELETE ON postern.accounts
    FOR EACH STATEMENT EXECUTE FUNCTION postern.notify_directory();
