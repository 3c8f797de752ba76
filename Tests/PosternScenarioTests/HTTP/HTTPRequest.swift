import PosternTesting

/// A request as a client writes it.
struct HTTPRequest: Sendable {
    var method = "POST"
    var target: String
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []
    /// `false` leaves Content-Length out: the test says the framing itself.
    var saysLength = true

    /// The request line and header fields.
    var head: [UInt8] {
        var text = "\(self.method) \(self.target) HTTP/1.1\r\nHost: localhost\r\n"
        for header in self.headers { text += "\(header.name): \(header.value)\r\n" }
        if self.saysLength && (self.method != "GET" || !self.body.isEmpty) {
            text += "Content-Length: \(self.body.count)\r\n"
        }
        return Array((text + "\r\n").utf8)
    }

    /// Everything, ready for the wire.
    var bytes: [UInt8] { self.head + self.body }

    /// Sends it on a connection of its own and waits for the answer.
    func send(to port: Int) async throws -> HTTPAnswer {
        try await onThread {
            let connection = try HTTPConnection(port: port)
            try connection.send(self.bytes)
            return try connection.answer(to: self.method)
        }
    }

    /// Asks for `target`.
    static func get(_ target: String, from port: Int) async throws -> HTTPAnswer {
        try await HTTPRequest(method: "GET", target: target).send(to: port)
    }
}
