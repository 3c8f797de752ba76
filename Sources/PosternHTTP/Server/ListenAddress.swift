internal import NIOCore

/// Where a server listens.
package enum ListenAddress: Hashable, Sendable, CustomStringConvertible {
    /// A host name or address, and a port; port 0 lets the system choose.
    case tcp(host: String, port: Int)
    /// A path for a unix socket.
    case unix(path: String)

    /// Takes the address a socket is bound to; `nil` for an address of unknown kind.
    init?(_ address: SocketAddress?) {
        switch address {
        case .v4, .v6:
            guard let host = address?.ipAddress, let port = address?.port else { return nil }
            self = .tcp(host: host, port: port)
        case .unixDomainSocket:
            guard let path = address?.pathname else { return nil }
            self = .unix(path: path)
        case nil: return nil
        }
    }

    /// The port; `nil` for a unix socket.
    package var port: Int? {
        switch self {
        case .tcp(_, let port): port
        case .unix: nil
        }
    }

    /// `127.0.0.1:8080`, `[::1]:8080` or `unix:/run/postern.sock`.
    package var description: String {
        switch self {
        case .tcp(let host, let port): host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}
