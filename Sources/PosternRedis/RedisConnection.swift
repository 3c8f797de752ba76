internal import CHiredis
internal import Glibc
internal import PosternModel

/// One connection to Redis or Valkey: the only place that holds a `redisContext`.
///
/// Blocking. Belongs to one thread from `init` to `deinit`; never touch it on an event loop or a Swift task.
///
/// hiredis connects and reads; sending is ours, because its own would raise SIGPIPE when the peer is gone, and waiting
/// is ours, because its timeouts begin anew with each byte. After any thrown error but
/// ``RedisError/refused(_:)`` the connection is lost; make a new one.
@safe package struct RedisConnection: ~Copyable {
    private let context: UnsafeMutablePointer<redisContext>
    /// Why nothing can be sent any more; `nil` while it works.
    package private(set) var loss: RedisError?

    /// How many bytes of an unfinished answer are kept before the connection is given up.
    private static let answerLimitBytes = 64 << 20

    /// Connects, proves who we are, and chooses the database.
    ///
    /// The name of a host is looked up outside of the limit: that is the system library's, and blocks.
    ///
    /// - Throws: ``RedisError/unreachable(_:)``, ``RedisError/deadline(_:)``, and ``RedisError/refused(_:)`` when the
    ///   password or the database is.
    package static func connect(
        _ address: RedisAddress,
        within limit: Duration
    ) throws(RedisError) -> RedisConnection {
        let end = ContinuousClock.now.advanced(by: limit)
        var connection = unsafe Self(adopting: try Self.open(address, within: limit))
        try connection.introduce(address, until: end)
        return connection
    }

    private init(adopting context: UnsafeMutablePointer<redisContext>) {
        unsafe self.context = context
        self.loss = nil
    }

    deinit { unsafe redisFree(self.context) }

    /// Sends the commands and waits for all answers.
    ///
    /// - Parameters:
    ///   - pipeline: at least one command.
    ///   - limit: for sending and all answers together.
    /// - Returns: one answer for each command, in order; an error of a command is an answer.
    /// - Throws: ``RedisError/unreachable(_:)``, ``RedisError/deadline(_:)`` and ``RedisError/malformed(_:)``; the
    ///   connection is lost then, and it is unknown which commands were run.
    package mutating func run(
        _ pipeline: borrowing RedisPipeline,
        within limit: Duration
    ) throws(RedisError) -> [RedisReply] {
        try self.run(pipeline, until: ContinuousClock.now.advanced(by: limit))
    }

    private mutating func run(
        _ pipeline: borrowing RedisPipeline,
        until end: ContinuousClock.Instant
    ) throws(RedisError) -> [RedisReply] {
        if let loss = self.loss { throw loss }
        do throws(RedisError) {
            try self.send(pipeline.bytes, until: end)
            var replies: [RedisReply] = []
            replies.reserveCapacity(pipeline.count)
            while replies.count < pipeline.count { replies.append(try self.receive(until: end)) }
            return replies
        } catch {
            self.loss = error
            throw error
        }
    }

    private static func open(
        _ address: RedisAddress,
        within limit: Duration
    ) throws(RedisError) -> UnsafeMutablePointer<redisContext> {
        let time = Self.timeval(limit)
        let opened =
            switch address.place {
            case .host(let host, let port): unsafe redisConnectWithTimeout(host, Int32(port), time)
            case .socket(let path): unsafe redisConnectUnixWithTimeout(path, time)
            }
        guard let context = unsafe opened else { throw .unreachable("out of memory") }
        guard unsafe context.pointee.err == 0 else {
            let reason = unsafe Self.reason(context)
            unsafe redisFree(context)
            throw .unreachable("\(address): \(reason)")
        }
        if case .host = address.place { unsafe redisEnableKeepAlive(context) }
        // From here on waiting is done in `poll`, with a deadline for all of it.
        unsafe context.pointee.flags &= ~REDIS_BLOCK
        let socket = unsafe context.pointee.fd
        _ = fcntl(socket, F_SETFD, FD_CLOEXEC)
        _ = fcntl(socket, F_SETFL, fcntl(socket, F_GETFL) | O_NONBLOCK)
        return unsafe context
    }

    private mutating func introduce(
        _ address: RedisAddress,
        until end: ContinuousClock.Instant
    ) throws(RedisError) {
        var pipeline = RedisPipeline()
        if let password = address.password {
            let user = address.user.map { [Array($0.utf8)] } ?? []
            pipeline.append(bytes: [Array("AUTH".utf8)] + user + [password.bytes])
        }
        if address.database != 0 { pipeline.append("SELECT", String(address.database)) }
        guard pipeline.count > 0 else { return }
        for reply in try self.run(pipeline, until: end) {
            if let failure = reply.failure { throw .refused(failure) }
        }
    }

    private func send(_ bytes: [UInt8], until end: ContinuousClock.Instant) throws(RedisError) {
        let socket = unsafe self.context.pointee.fd
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.send(
                    socket,
                    buffer.baseAddress?.advanced(by: sent),
                    buffer.count - sent,
                    Int32(MSG_NOSIGNAL)
                )
            }
            if count >= 0 {
                sent += count
            } else if errno == EAGAIN {
                try self.wait(POLLOUT, until: end)
            } else if errno != EINTR {
                throw .unreachable("the connection was lost: errno \(errno)")
            }
        }
    }

    /// Takes the next answer, reading as much as it needs.
    private func receive(until end: ContinuousClock.Instant) throws(RedisError) -> RedisReply {
        while true {
            var pointer: UnsafeMutableRawPointer?
            guard unsafe redisGetReplyFromReader(self.context, &pointer) == REDIS_OK else {
                throw .malformed(unsafe Self.reason(self.context))
            }
            if let reply = unsafe pointer {
                defer { unsafe freeReplyObject(reply) }
                return unsafe Self.copy(reply.assumingMemoryBound(to: redisReply.self))
            }
            if let reader = unsafe self.context.pointee.reader, unsafe reader.pointee.len > Self.answerLimitBytes {
                throw .malformed("an answer is longer than \(Self.answerLimitBytes) bytes")
            }
            try self.wait(POLLIN, until: end)
            guard unsafe redisBufferRead(self.context) == REDIS_OK else {
                throw .unreachable("the connection was lost: \(unsafe Self.reason(self.context))")
            }
        }
    }

    private func wait(_ event: Int32, until end: ContinuousClock.Instant) throws(RedisError) {
        while true {
            let left = ContinuousClock.now.duration(to: end)
            guard left > .zero else { throw .deadline("the deadline passed") }
            // Rounded up, so that nobody wakes early, and a minute at most, which then goes around again.
            let milliseconds = Int32(min(60_000, left / .milliseconds(1) + 1))
            var set = unsafe pollfd(fd: self.context.pointee.fd, events: Int16(event), revents: 0)
            let count = unsafe poll(&set, 1, milliseconds)
            if count > 0 { return }
            guard count == 0 || errno == EINTR else { throw .unreachable("the connection was lost: errno \(errno)") }
        }
    }

    /// Copies an answer; hiredis refuses more than nine levels, so this ends.
    private static func copy(_ reply: UnsafePointer<redisReply>) -> RedisReply {
        switch unsafe reply.pointee.type {
        case REDIS_REPLY_STRING: return .bytes(unsafe Self.bytes(reply))
        case REDIS_REPLY_STATUS: return .status(String(decoding: unsafe Self.bytes(reply), as: UTF8.self))
        case REDIS_REPLY_ERROR: return .error(String(decoding: unsafe Self.bytes(reply), as: UTF8.self))
        case REDIS_REPLY_INTEGER: return .integer(unsafe reply.pointee.integer)
        case REDIS_REPLY_ARRAY:
            let elements = unsafe UnsafeBufferPointer(start: reply.pointee.element, count: reply.pointee.elements)
            return .array(
                unsafe elements.map { element in
                    guard let element = unsafe element else { return .null }
                    return unsafe Self.copy(element)
                }
            )
        default: return .null
        }
    }

    private static func bytes(_ reply: UnsafePointer<redisReply>) -> [UInt8] {
        guard let start = unsafe reply.pointee.str else { return [] }
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: reply.pointee.len))
    }

    /// The library's words for what went wrong.
    private static func reason(_ context: UnsafeMutablePointer<redisContext>) -> String {
        unsafe withUnsafeBytes(of: context.pointee.errstr) { bytes in
            String(decoding: unsafe Array(bytes.prefix { $0 != 0 }), as: UTF8.self)
        }
    }

    /// A year at most, and never nothing, which would mean "without limit".
    private static func timeval(_ limit: Duration) -> Glibc.timeval {
        let (seconds, attoseconds) = min(max(limit, .milliseconds(1)), .seconds(31_536_000)).components
        return Glibc.timeval(tv_sec: Int(seconds), tv_usec: Int(attoseconds / 1_000_000_000_000))
    }
}
