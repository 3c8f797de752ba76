internal import PosternJSON
internal import PosternStore

extension EndpointRecord {
    /// The limit in force for its verified requests: its own numbers, else the gateways'; shadow mode is theirs to say.
    func limit(default scope: ConfiguredLimit) -> ConfiguredLimit {
        guard let rate = self.requestsPerMinute else { return scope }
        return ConfiguredLimit(requestsPerMinute: rate, burst: self.burst, isShadow: scope.isShadow)
    }
}

extension JSONWriter {
    /// Writes what `postern endpoint configure` sets, null for what is not set.
    mutating func settings(of endpoint: EndpointRecord) {
        self.member("requests_per_minute", integer: endpoint.requestsPerMinute.map(Int64.init))
        self.member("burst", integer: endpoint.burst.map(Int64.init))
        self.name("allowed_networks")
        if let networks = endpoint.allowedNetworks {
            self.beginArray()
            for network in networks { self.string(network) }
            self.endArray()
        } else {
            self.null()
        }
        self.member("quarantine_bytes", integer: endpoint.quarantineBytes.map(Int64.init))
        self.member(
            "quarantine_hours",
            integer: endpoint.quarantineBytes == nil ? nil : Int64(endpoint.quarantineHours)
        )
    }
}
