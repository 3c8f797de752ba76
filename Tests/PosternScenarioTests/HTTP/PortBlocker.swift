import Glibc

/// A foreign program that listens on a port, and shares it with nobody.
final class PortBlocker: Sendable {
    /// The port that is taken.
    let port: Int
    private let descriptor: Int32

    init() throws {
        self.descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard self.descriptor >= 0 else { throw HTTPFault.system(errno) }
        self.port = try HTTPConnection.bind(self.descriptor, port: 0)
        guard listen(self.descriptor, 1) == 0 else { throw HTTPFault.system(errno) }
    }

    deinit { close(self.descriptor) }
}
