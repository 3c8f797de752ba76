internal import ArgumentParser
internal import PosternHTTP
internal import PosternStore

/// An endpoint's own limit, the networks it takes requests from, and its quarantine.
struct EndpointChangeOptions: ParsableArguments {
    @Option(help: "Its own limit for verified requests, in requests a minute.") var requestsPerMinute: Int32?
    @Option(help: "How many may come at once; as many as in a minute unless said.") var burst: Int32?
    @Option(
        name: .customLong("allow-network"),
        help: "Take requests from this network only, as 192.0.2.0/24 or 2001:db8::/32. May be repeated."
    )
    var networks: [String] = []
    @Option(help: "Keep requests that fail verification, up to so many bytes (4096 to 1073741824).")
    var quarantineBytes: Int32?
    @Option(help: "How many hours each of them is kept (1 to 720); 24 unless said.") var quarantineHours: Int32?

    /// What these options say, and what the flags beside them say, of an endpoint as it is (`nil`: it is made now).
    ///
    /// - Throws: ``CommandFailure`` for what cannot be meant.
    func change(
        of endpoint: EndpointRecord? = nil,
        noLimit: Bool = false,
        allowAny: Bool = false,
        noQuarantine: Bool = false
    ) throws -> EndpointChange {
        EndpointChange(
            limit: try self.limit(none: noLimit),
            networks: try self.allowed(any: allowAny),
            quarantine: try self.quarantine(of: endpoint, none: noQuarantine)
        )
    }

    private func limit(none: Bool) throws -> EndpointChange.Limit {
        guard let rate = self.requestsPerMinute else {
            if self.burst != nil { throw Self.bad("--burst needs --requests-per-minute") }
            return none ? .inherit : .unchanged
        }
        if none { throw Self.bad("--no-limit and --requests-per-minute exclude each other") }
        return .set(requestsPerMinute: rate, burst: self.burst)
    }

    private func allowed(any: Bool) throws -> EndpointChange.Networks {
        if self.networks.isEmpty { return any ? .any : .unchanged }
        if any { throw Self.bad("--allow-any and --allow-network exclude each other") }
        for text in self.networks where NetworkPrefix(text: text) == nil {
            throw CommandFailure(
                code: "bad_network",
                message:
                    "'\(text)' is no network: say 192.0.2.0/24, 2001:db8::/32 or one address, with no bits behind the prefix"
            )
        }
        return .only(self.networks)
    }

    private func quarantine(of endpoint: EndpointRecord?, none: Bool) throws -> EndpointChange.Quarantine {
        if none {
            if self.quarantineBytes != nil || self.quarantineHours != nil {
                throw Self.bad("--no-quarantine excludes --quarantine-bytes and --quarantine-hours")
            }
            return .off
        }
        if self.quarantineBytes == nil, self.quarantineHours == nil { return .unchanged }
        guard let bytes = self.quarantineBytes ?? endpoint?.quarantineBytes else {
            throw Self.bad("--quarantine-hours needs --quarantine-bytes: the endpoint keeps nothing yet")
        }
        let known = endpoint?.quarantineBytes == nil ? nil : endpoint?.quarantineHours
        return .set(bytes: bytes, hours: self.quarantineHours ?? known ?? EndpointRecord.defaultQuarantineHours)
    }

    private static func bad(_ message: String) -> CommandFailure {
        CommandFailure(code: "bad_option", message: message)
    }
}
