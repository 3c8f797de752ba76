internal import CPostgres

/// Opens connections: one host after the other, each within its share of the time.
///
/// libpq goes through several hosts by itself, but gives up an unresponsive one only in its blocking call; so the list
/// is split here, and libpq sees one host at a time.
/// Source: PostgreSQL 15 manual, section 34.1, PQconnectStartParams and "Specifying Multiple Hosts".
struct Dialer {
    /// One host of the list; `nil` leaves a field to the address, the service file or the environment.
    struct Host: Equatable {
        var host: String?
        var hostaddr: String?
        var port: String?
    }

    /// The hosts to try, in order.
    let hosts: [Host]
    /// The address's `target_session_attrs`, empty when it names none.
    let target: String
    private let configuration: ConnectionConfiguration

    /// Reads the address.
    ///
    /// - Throws: ``PostgresError/refused(sqlstate:message:)`` when it is no connection string. libpq's reason is left
    ///   out, because it may quote the password.
    init(_ configuration: ConnectionConfiguration) throws(PostgresError) {
        self.configuration = configuration
        guard let options = unsafe PQconninfoParse(configuration.address, nil) else {
            throw .refused(
                sqlstate: "08001",
                message:
                    "the database address is not a libpq connection string or URI; check its quotes and percent signs"
            )
        }
        defer { unsafe PQconninfoFree(options) }
        var values: [String: String] = [:]
        var option = unsafe options
        while let keyword = unsafe option.pointee.keyword {
            if let value = unsafe option.pointee.val {
                unsafe values[String(cString: keyword)] = String(cString: value)
            }
            unsafe option += 1
        }
        self.target = values["target_session_attrs"] ?? ""
        self.hosts = try Self.split(host: values["host"], hostaddr: values["hostaddr"], port: values["port"])
    }

    /// Whether a server that turned read-only is no longer the one we asked for.
    var wantsPrimary: Bool { self.target == "read-write" || self.target == "primary" }

    /// Splits libpq's comma lists.
    ///
    /// - Throws: ``PostgresError/refused(sqlstate:message:)`` when their lengths do not fit together.
    static func split(host: String?, hostaddr: String?, port: String?) throws(PostgresError) -> [Host] {
        func items(_ list: String?) -> [String] {
            list.map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) } ?? []
        }
        let (hosts, addresses, ports) = (items(host), items(hostaddr), items(port))
        let count = max(hosts.count, addresses.count, 1)
        guard hosts.isEmpty || hosts.count == count, addresses.isEmpty || addresses.count == count,
            ports.count <= 1 || ports.count == count
        else {
            throw .refused(
                sqlstate: "08001",
                message: "the database address lists \(hosts.count) hosts, \(addresses.count) addresses and "
                    + "\(ports.count) ports; give as many of each, or one port for all"
            )
        }
        return (0..<count).map { index in
            Host(
                host: hosts.isEmpty ? nil : hosts[index],
                hostaddr: addresses.isEmpty ? nil : addresses[index],
                port: ports.isEmpty ? nil : ports.count == 1 ? ports[0] : ports[index]
            )
        }
    }

    /// Connects and authenticates.
    ///
    /// - Throws: ``PostgresError/unreachable(_:)`` with each host's reason; ``PostgresError/deadline(_:)`` when
    ///   canceled.
    func dial(until deadline: Deadline, signal: CancelSignal) throws(PostgresError) -> Wire {
        // libpq's second choice needs to know that no host was a standby, so it takes two rounds over the list.
        let rounds = self.target == "prefer-standby" && self.hosts.count > 1 ? ["standby", "any"] : [self.target]
        var reasons: [String] = []
        var left = rounds.count * self.hosts.count
        for round in rounds {
            for host in self.hosts {
                let share = ContinuousClock.now.duration(to: deadline.instant) / left
                left -= 1
                let attempt = try self.dial(host, target: round, until: min(deadline, Deadline(within: share)), signal)
                switch attempt {
                case .success(let wire): return wire
                case .failure(.unreachable(let reason)): reasons.append(reason)
                case .failure(let other): throw other
                }
            }
        }
        throw .unreachable(reasons.joined(separator: "; "))
    }

    private func dial(
        _ host: Host,
        target: String,
        until deadline: Deadline,
        _ signal: CancelSignal
    ) throws(PostgresError) -> Result<Wire, PostgresError> {
        let notices = NoticeSink(self.configuration.logger)
        guard let handle = unsafe self.start(host, target: target) else { throw .unreachable("out of memory") }
        unsafe notices.attach(to: handle)
        let wire = unsafe Wire(adopting: handle, notices: notices)
        var interest = Poll.Interest.readOrWrite
        while wire.socket >= 0 {
            switch Poll.wait(socket: wire.socket, interest, wakeup: signal.wakeup.descriptor, until: deadline) {
            case .woken:
                signal.wakeup.silence()
                if signal.consume() { throw .deadline("canceled while connecting") }
                continue
            case .expired:
                let place = host.host ?? host.hostaddr ?? "the default host"
                return .failure(.unreachable("no answer from \(place) within its share of the connect timeout"))
            case .readable, .writable: break
            }
            switch unsafe PQconnectPoll(handle) {
            case PGRES_POLLING_OK: return .success(wire)
            case PGRES_POLLING_READING: interest = .read
            case PGRES_POLLING_WRITING: interest = .readOrWrite
            default: return .failure(.unreachable(wire.failure))
            }
        }
        return .failure(.unreachable(wire.failure))
    }

    /// Begins to connect.
    ///
    /// What stands before `dbname` is a default, what stands after it overrides the address.
    private func start(_ host: Host, target: String) -> OpaquePointer? {
        var pairs: [(String, String)] = [
            // A peer that vanished without a word is noticed within half a minute rather than two hours.
            ("keepalives_idle", "15"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "30000"), ("fallback_application_name", self.configuration.applicationName),
            ("dbname", self.configuration.address), ("client_encoding", "UTF8"),
        ]
        if let name = host.host { pairs.append(("host", name)) }
        if let address = host.hostaddr { pairs.append(("hostaddr", address)) }
        if let port = host.port { pairs.append(("port", port)) }
        if !target.isEmpty { pairs.append(("target_session_attrs", target)) }
        return unsafe Self.withCStrings(pairs.map(\.0)) { keywords in
            unsafe Self.withCStrings(pairs.map(\.1)) { values in unsafe PQconnectStartParams(keywords, values, 1) }
        }
    }

    /// Lends strings as a C array that ends with a null pointer.
    private static func withCStrings<Value>(
        _ strings: [String],
        _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Value
    ) -> Value {
        var arena: [CChar] = []
        var offsets: [Int] = []
        for string in strings {
            offsets.append(arena.count)
            arena.append(contentsOf: string.utf8CString)
        }
        return unsafe arena.withUnsafeBufferPointer { arena in
            var pointers = unsafe offsets.map { unsafe arena.baseAddress?.advanced(by: $0) }
            unsafe pointers.append(nil)
            return unsafe pointers.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
        }
    }
}
