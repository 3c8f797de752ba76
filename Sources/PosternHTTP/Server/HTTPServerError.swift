internal import Glibc
internal import NIOCore

/// Why a server could not start.
package enum HTTPServerError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Another process listens there.
    case addressInUse(ListenAddress)
    /// The process may not listen there.
    case permissionDenied(ListenAddress)
    /// The address does not belong to this machine, or the name or path leads nowhere.
    case addressUnavailable(ListenAddress, reason: String)
    /// The system refused for another reason.
    case notStarted(ListenAddress, reason: String)

    /// Sorts what binding threw.
    package init(_ error: any Error, address: ListenAddress) {
        guard let system = error as? IOError else {
            self = .addressUnavailable(address, reason: String(describing: error))
            return
        }
        self =
            switch system.errnoCode {
            case EADDRINUSE: .addressInUse(address)
            case EACCES, EPERM: .permissionDenied(address)
            case EADDRNOTAVAIL, ENOENT, ENOTDIR, ENAMETOOLONG: .addressUnavailable(address, reason: system.description)
            default: .notStarted(address, reason: system.description)
            }
    }

    /// What happened, to what, and what to do next.
    package var description: String {
        switch self {
        case .addressInUse(let address):
            "cannot listen on \(address): another process does already; stop it or choose another address"
        case .permissionDenied(let address):
            "cannot listen on \(address): permission denied; choose a port above 1023 or a folder this user may write"
        case .addressUnavailable(let address, let reason):
            "cannot listen on \(address): it is not an address of this machine (\(reason)); check the host name or path"
        case .notStarted(let address, let reason):
            "cannot listen on \(address): \(reason)"
        }
    }
}
