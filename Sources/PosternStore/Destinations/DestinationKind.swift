/// How events reach a destination.
package enum DestinationKind: String, Sendable, CaseIterable {
    /// Each event is posted to a URL.
    case http
    /// Each event's identifier is sent to a channel of PostgreSQL with `NOTIFY`, together with what settles it.
    case postgresNotify = "postgres-notify"
    /// What administrators must know is posted to a URL; no event is.
    case alert
}
