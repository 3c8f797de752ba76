package import Logging

/// Where PostgreSQL is and how each connection to it is set up.
package struct ConnectionConfiguration: Sendable {
    /// A libpq connection string or URI; several hosts and `target_session_attrs` are honored.
    ///
    /// May hold a password, so it is in no error and no log.
    package var address: String
    /// What `pg_stat_activity` shows, unless the address names one itself.
    package var applicationName: String
    /// How long a connection may take over all hosts together; each untried host gets an equal share of what is left.
    ///
    /// Name resolution is libpq's and blocks outside of this limit.
    package var connectTimeout: Duration
    /// How long a canceled statement may take to end before its connection is given up.
    package var cancelTimeout: Duration
    /// Settings made once per connection, for its whole life, such as `statement_timeout`.
    package var sessionSettings: [(name: String, value: String)]
    /// Gets the server's notices at debug level; nothing ever goes to standard error.
    package var logger: Logger

    /// Collects the values.
    package init(
        address: String,
        applicationName: String = "postern",
        connectTimeout: Duration = .seconds(10),
        cancelTimeout: Duration = .seconds(1),
        sessionSettings: [(name: String, value: String)] = [],
        logger: Logger = Logger(label: "postern.postgres") { _ in SwiftLogNoOpLogHandler() }
    ) {
        self.address = address
        self.applicationName = applicationName
        self.connectTimeout = connectTimeout
        self.cancelTimeout = cancelTimeout
        self.sessionSettings = sessionSettings
        self.logger = logger
    }
}
