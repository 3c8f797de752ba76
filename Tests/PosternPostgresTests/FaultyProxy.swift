import Glibc
import PosternPostgres
import PosternTesting
import Synchronization

/// Stands between a client and a server's unix socket and misbehaves after a number of bytes from the server.
final class FaultyProxy: Sendable {
    /// What happens at the limit.
    enum Fault {
        /// The connection is cut.
        case cut
        /// Nothing comes any more, and nothing is cut.
        case silence
    }

    /// The directory of its socket, for `host=`.
    let directory: String
    private let server: String
    private let fault: Fault
    private let listener: Int32
    private let limit = Atomic<Int>(0)

    /// Listens in a temporary directory and forwards to the server whose socket lies in `server`.
    init(server: String, fault: Fault) throws {
        self.server = server
        self.fault = fault
        var template = Array("/tmp/proxy-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw TestFailure.tool("mkdtemp: \(errno)") }
        self.directory = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        self.listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let status = unsafe Self.withAddress(self.directory) { unsafe bind(self.listener, $0, $1) }
        guard status == 0, listen(self.listener, 16) == 0 else { throw TestFailure.tool("bind: \(errno)") }
        let (listener, serve) = (self.listener, self.serve)
        _ = ConnectionThread.start(name: "proxy") {
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else { return }
                _ = ConnectionThread.start(name: "proxied") { serve(client) }
            }
        }
    }

    /// Sets how many bytes of the server each later connection lets through.
    func allow(bytes: Int) { self.limit.store(bytes, ordering: .releasing) }

    /// Stops listening.
    func close() {
        shutdown(self.listener, Int32(SHUT_RDWR))
        Glibc.close(self.listener)
        unsafe unlink(self.directory + "/.s.PGSQL.5432")
        unsafe rmdir(self.directory)
    }

    private func serve(_ client: Int32) {
        var left = self.limit.load(ordering: .acquiring)
        let upstream = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer {
            Glibc.close(client)
            Glibc.close(upstream)
        }
        guard unsafe Self.withAddress(self.server, { unsafe connect(upstream, $0, $1) }) == 0 else { return }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            var set = [
                pollfd(fd: client, events: Int16(POLLIN), revents: 0),
                pollfd(fd: upstream, events: Int16(POLLIN), revents: 0),
            ]
            guard unsafe poll(&set, 2, -1) > 0 else { return }
            if set[0].revents != 0 {
                let count = unsafe read(client, &buffer, buffer.count)
                guard count > 0, unsafe send(upstream, buffer, count, Int32(MSG_NOSIGNAL)) == count else {
                    return
                }
            }
            if set[1].revents != 0 {
                let count = unsafe read(upstream, &buffer, buffer.count)
                guard count > 0 else { return }
                let allowed = min(count, left)
                if allowed > 0 { unsafe _ = send(client, buffer, allowed, Int32(MSG_NOSIGNAL)) }
                left -= allowed
                if allowed < count, case .cut = self.fault { return }
            }
        }
    }

    private static func withAddress<Value>(
        _ directory: String,
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Value
    ) -> Value {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { path in
            unsafe path.copyBytes(from: Array("\(directory)/.s.PGSQL.5432".utf8))
        }
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe body(pointer, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
