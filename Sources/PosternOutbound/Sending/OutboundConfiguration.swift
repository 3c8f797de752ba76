package import PosternHTTP

/// How requests go out, the same for all destinations.
package struct OutboundConfiguration: Sendable {
    /// The header field `user-agent`: `Postern/` and the version.
    package var userAgent: String
    /// How long looking up a name may take.
    package var lookupTimeout = Duration.seconds(5)
    /// How long it may take to connect, TLS included.
    package var connectTimeout = Duration.seconds(5)
    /// How many bytes of an answer are read before the connection is closed; 4096 at most are kept.
    package var answerLimitBytes = 65_536
    /// Networks that are not the public internet and that every destination may be in.
    package var allowedNetworks = NetworkSet()
    /// A file of certificates (PEM) that are trusted beside the system's; read once.
    package var additionalCertificates: String?
    /// How many destinations' connections are kept when they are idle.
    package var idleDestinations = 1024
    /// How long a destination without requests stays among them.
    package var idleTimeout = Duration.seconds(60)
    /// How long a connection is kept without a request: less than the 5 seconds after which widespread servers close
    /// theirs, because a request that crosses the close is a failed attempt.
    package var connectionIdleTimeout = Duration.seconds(4)
    /// How many connections to one destination there may be at once; more requests wait for them.
    package var connectionsPerDestination = 1000
    /// What becomes of names.
    package var names = AddressBook.Limits()

    /// Takes the usual values.
    package init(userAgent: String) { self.userAgent = userAgent }
}
