package import PosternModel

/// Where Redis or Valkey is, and who we are there.
///
/// Written `redis://[user:password@]host[:port][/database]`, `unix://[user:password@]/path[?db=database]`, or simply as
/// the absolute path of a unix socket. User and password may be percent-encoded. `description` leaves both out.
///
/// Source: IANA, "Provisional registration of the redis URI scheme" (read 2026-11-21); redis-cli, option `-u`.
package struct RedisAddress: Equatable, Sendable {
    /// The two kinds of place.
    package enum Place: Equatable, Sendable {
        case host(String, port: Int)
        case socket(path: String)
    }

    /// Where it listens.
    package let place: Place
    /// Who we are; `nil` for the default user.
    package let user: String?
    /// What proves it; `nil` when nothing is asked for.
    package let password: Secret?
    /// The number of the database, 0 to 65535.
    package let database: Int

    /// The port of a host that names none.
    package static let defaultPort = 6379
    /// The longest path of a unix socket, in bytes.
    ///
    /// Source: unix(7), `sun_path` of 108 bytes with the one that ends it.
    package static let pathLimitBytes = 107

    /// Reads the text.
    ///
    /// - Throws: ``RedisError/misconfigured(_:)``, which quotes nothing of the text, because it may hold a password.
    package init(_ text: String) throws(RedisError) {
        guard !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
            throw .misconfigured("it holds a space or a control character; write it percent-encoded")
        }
        if text.hasPrefix("/") {
            self.place = .socket(path: try Self.path(text[...]))
            self.user = nil
            self.password = nil
            self.database = 0
            return
        }
        guard let colon = text.firstRange(of: "://") else {
            throw .misconfigured("write redis://host:port, or the absolute path of a unix socket")
        }
        var rest = text[colon.upperBound...]
        (self.user, self.password) = try Self.identity(&rest)
        switch text[..<colon.lowerBound] {
        case "redis", "valkey":
            (self.place, self.database) = try Self.host(rest)
        case "unix":
            let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            self.place = .socket(path: try Self.path(parts[0]))
            guard parts.count == 1 || parts[1].hasPrefix("db=") else {
                throw .misconfigured("after the socket's path only ?db=NUMBER may follow")
            }
            self.database = parts.count == 1 ? 0 : try Self.database(parts[1].dropFirst("db=".count))
        case "rediss", "valkeys":
            throw .misconfigured("TLS is not spoken to Redis; use redis:// through a tunnel, or a unix socket")
        default:
            throw .misconfigured("it begins with another scheme than redis:// or unix://")
        }
    }

    /// Takes `user:password@` off the front.
    private static func identity(_ rest: inout Substring) throws(RedisError) -> (String?, Secret?) {
        // The last one before the path: a password may hold others, if whoever wrote it forgot to encode them.
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        guard let at = rest[..<end].lastIndex(of: "@") else { return (nil, nil) }
        let identity = rest[..<at]
        rest = rest[rest.index(after: at)...]
        guard let colon = identity.firstIndex(of: ":") else {
            throw .misconfigured("before @ belongs user:password, or :password alone")
        }
        guard let user = Self.decoded(identity[..<colon]), let password = Self.decoded(identity[colon...].dropFirst())
        else {
            throw .misconfigured("a percent sign in user or password is not followed by two hexadecimal digits")
        }
        guard !password.isEmpty else { throw .misconfigured("the password is empty; leave user:password@ out") }
        return (user.isEmpty ? nil : String(decoding: user, as: UTF8.self), Secret(password))
    }

    private static func host(_ text: Substring) throws(RedisError) -> (Place, Int) {
        let slash = text.firstIndex(of: "/") ?? text.endIndex
        let authority = text[..<slash]
        let path = text[slash...].dropFirst()
        var host = authority
        var port = Self.defaultPort
        // The colon after a bracket, or the only one: those of a bare IPv6 address are no port's.
        let bracket = authority.lastIndex(of: "]")
        if let colon = authority[(bracket ?? authority.startIndex)...].lastIndex(of: ":") {
            guard let number = Self.number(authority[colon...].dropFirst(), 1...65_535) else {
                throw .misconfigured("the port is no number from 1 to 65535")
            }
            host = authority[..<colon]
            port = number
        }
        if bracket != nil {
            guard host.hasPrefix("["), host.hasSuffix("]") else {
                throw .misconfigured("an IPv6 address belongs in brackets: redis://[::1]:6379")
            }
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            throw .misconfigured("an IPv6 address belongs in brackets: redis://[::1]:6379")
        }
        guard !host.isEmpty, !host.contains("?"), !host.contains("#") else {
            throw .misconfigured("it names no host: redis://host:port")
        }
        return (.host(String(host), port: port), path.isEmpty ? 0 : try Self.database(path))
    }

    private static func path(_ text: Substring) throws(RedisError) -> String {
        guard text.hasPrefix("/"), text.utf8.count > 1, text.utf8.count <= Self.pathLimitBytes else {
            throw .misconfigured("the socket's path is not absolute, or longer than \(Self.pathLimitBytes) bytes")
        }
        return String(text)
    }

    private static func database(_ text: Substring) throws(RedisError) -> Int {
        guard let number = Self.number(text, 0...65_535) else {
            throw .misconfigured("the database is no number from 0 to 65535")
        }
        return number
    }

    /// Reads ASCII digits without a sign.
    private static func number(_ text: Substring, _ range: ClosedRange<Int>) -> Int? {
        guard (1...5).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(text), range.contains(number)
        else { return nil }
        return number
    }

    /// Undoes percent-encoding; `nil` when it is broken.
    private static func decoded(_ text: Substring) -> [UInt8]? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(Hexadecimal.value),
                let low = rest.popFirst().flatMap(Hexadecimal.value)
            else { return nil }
            bytes.append(high << 4 | low)
        }
        return bytes
    }
}

extension RedisAddress: CustomStringConvertible {
    /// The place and the database, for logs.
    package var description: String {
        switch self.place {
        case .host(let host, let port): "\(host.contains(":") ? "[\(host)]" : host):\(port)/\(self.database)"
        case .socket(let path): "\(path)/\(self.database)"
        }
    }
}
