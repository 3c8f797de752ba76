/// What is to be changed of an endpoint's limits, networks and quarantine; the rest stays as it is.
package struct EndpointChange: Sendable, Equatable {
    /// A change of its own limit.
    package enum Limit: Sendable, Equatable {
        case unchanged
        /// None of its own: what the scope ``LimitScope/endpoint`` says.
        case inherit
        /// Requests a minute, and how many at once; `nil` for as many as in a minute.
        case set(requestsPerMinute: Int32, burst: Int32?)
    }

    /// A change of the networks requests may come from.
    package enum Networks: Sendable, Equatable {
        case unchanged
        case any
        /// 1 to 256 of them, as `192.0.2.0/24` or `2001:db8::/32`; an address alone is a network of its own.
        case only([String])
    }

    /// A change of what is kept of requests that failed verification.
    package enum Quarantine: Sendable, Equatable {
        case unchanged
        /// Nothing more is kept; what is there stays until its time is up.
        case off
        /// At most so many bytes (4096 to 1 GiB), each request for so many hours (1 to 720).
        case set(bytes: Int32, hours: Int32)
    }

    /// The endpoint's own limit.
    package var limit: Limit
    package var networks: Networks
    package var quarantine: Quarantine

    /// Joins the changes.
    package init(
        limit: Limit = .unchanged,
        networks: Networks = .unchanged,
        quarantine: Quarantine = .unchanged
    ) {
        self.limit = limit
        self.networks = networks
        self.quarantine = quarantine
    }
}
