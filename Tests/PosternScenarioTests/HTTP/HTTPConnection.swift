import Glibc

/// A client's connection to 127.0.0.1 that says exactly what it is told to.
///
/// Blocking: threads of a test's own, one at a time.
@safe final class HTTPConnection {
    private let descriptor: Int32
    private var received: [UInt8] = []

    /// Connects.
    ///
    /// `patience`: how long to wait for each piece of an answer.
    init(port: Int, patience: Duration = .seconds(30)) throws(HTTPFault) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .system(errno) }
        self.descriptor = descriptor
        var limit = timeval(tv_sec: Int(patience.components.seconds), tv_usec: 0)
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var one: Int32 = 1
        unsafe setsockopt(
            descriptor,
            Int32(IPPROTO_TCP),
            Int32(TCP_NODELAY),
            &one,
            socklen_t(MemoryLayout<Int32>.size)
        )
        var address = Self.loopback(port: port)
        let status = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe connect(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw errno == ECONNREFUSED ? .refused : .system(errno) }
    }

    deinit { close(self.descriptor) }

    private static func loopback(port: Int) -> sockaddr_in {
        sockaddr_in(
            sin_family: sa_family_t(AF_INET),
            sin_port: in_port_t(truncatingIfNeeded: port).bigEndian,
            sin_addr: in_addr(s_addr: UInt32(0x7F00_0001).bigEndian),
            sin_zero: (0, 0, 0, 0, 0, 0, 0, 0)
        )
    }

    /// A port that nobody listens on at this moment.
    static func freePort() throws(HTTPFault) -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .system(errno) }
        defer { close(descriptor) }
        return try Self.bind(descriptor, port: 0)
    }

    /// Binds a socket to 127.0.0.1 and gives the port it got.
    static func bind(_ descriptor: Int32, port: Int) throws(HTTPFault) -> Int {
        var address = Self.loopback(port: port)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                let status = unsafe Glibc.bind(descriptor, pointer, length)
                return unsafe status == 0 ? getsockname(descriptor, pointer, &length) : status
            }
        }
        guard status == 0 else { throw .system(errno) }
        return Int(in_port_t(bigEndian: address.sin_port))
    }

    /// Writes all of `bytes`.
    ///
    /// - Throws: ``HTTPFault/closed`` or ``HTTPFault/reset`` when the server does not take them.
    func send(_ bytes: [UInt8]) throws(HTTPFault) {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes[sent...].withUnsafeBytes { buffer in
                unsafe Glibc.send(self.descriptor, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
            }
            guard count >= 0 || errno == EINTR else { throw Self.fault(errno) }
            sent += max(0, count)
        }
    }

    /// Reads one answer.
    ///
    /// - Throws: ``HTTPFault/closed`` when the server closed before its first byte.
    func answer(to method: String = "POST") throws(HTTPFault) -> HTTPAnswer {
        while true {
            let (status, headers) = try self.head()
            if status == 100 { continue }
            guard !headers.contains(where: { $0.name.lowercased() == "transfer-encoding" }) else {
                throw .malformed("a chunked answer")
            }
            let length = headers.first { $0.name.lowercased() == "content-length" }.flatMap { Int($0.value) }
            guard let length else { throw .malformed("an answer \(status) without Content-Length") }
            let body = method == "HEAD" ? [] : try self.take(length)
            return HTTPAnswer(status: status, headers: headers, body: body)
        }
    }

    /// Whether nothing at all comes within `time`.
    func isSilent(for time: Duration) -> Bool {
        guard self.received.isEmpty else { return false }
        var entry = pollfd(fd: self.descriptor, events: Int16(POLLIN), revents: 0)
        return unsafe poll(&entry, 1, Int32(time / .milliseconds(1))) == 0
    }

    private func head() throws(HTTPFault) -> (Int, [(name: String, value: String)]) {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let range = self.received.firstRange(of: end) {
                let text = String(decoding: self.received[..<range.lowerBound], as: UTF8.self)
                self.received.removeSubrange(..<range.upperBound)
                return try Self.parse(text)
            }
            try self.receive()
        }
    }

    private static func parse(_ text: String) throws(HTTPFault) -> (Int, [(name: String, value: String)]) {
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        let words = lines[0].split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
            throw .malformed(String(lines[0]))
        }
        var headers: [(name: String, value: String)] = []
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { throw .malformed(String(line)) }
            let value = line[line.index(after: colon)...].drop { $0 == " " }
            headers.append((String(line[..<colon]), String(value)))
        }
        return (status, headers)
    }

    private func take(_ count: Int) throws(HTTPFault) -> [UInt8] {
        while self.received.count < count {
            do {
                try self.receive()
            } catch {
                throw error == .silence ? error : .truncated
            }
        }
        defer { self.received.removeFirst(count) }
        return Array(self.received.prefix(count))
    }

    private func receive() throws(HTTPFault) {
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = unsafe recv(self.descriptor, &chunk, chunk.count, 0)
            if count > 0 {
                self.received += chunk[..<count]
                return
            }
            if count == 0 { throw self.received.isEmpty ? .closed : .truncated }
            if errno == EAGAIN { throw .silence }
            guard errno == EINTR else { throw self.received.isEmpty ? Self.fault(errno) : .truncated }
        }
    }

    private static func fault(_ number: Int32) -> HTTPFault {
        switch number {
        // The server had closed in order before the bytes arrived.
        case EPIPE: .closed
        case ECONNRESET: .reset
        case EAGAIN: .silence
        default: .system(number)
        }
    }
}
