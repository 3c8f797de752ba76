import NIOCore
import PosternLoad
import PosternModel
import PosternPlatforms
import Testing

/// A request as a server would read it off the wire.
struct SentRequest: Hashable {
    let bytes: [UInt8]
    let target: String
    let headers: [HeaderLine]
    let body: [UInt8]

    init(_ request: OutgoingRequest) throws {
        var bytes = Array(request.head.readableBytesView)
        if let body = request.body { bytes += Array(body.readableBytesView) }
        self.bytes = bytes
        let end = try #require(bytes.firstRange(of: Array("\r\n\r\n".utf8)))
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
        var lines = head.split(separator: "\r\n", omittingEmptySubsequences: false)
        let line = lines.removeFirst().split(separator: " ")
        try #require(line.count == 3 && line[0] == "POST" && line[2] == "HTTP/1.1")
        self.target = String(line[1])
        self.headers = try lines.map { text in
            let colon = try #require(text.firstRange(of: ": "))
            return HeaderLine(name: String(text[..<colon.lowerBound]), value: String(text[colon.upperBound...]))
        }
        self.body = Array(bytes[end.upperBound...])
        try #require(self.header("Content-Length") == "\(self.body.count)")
    }

    func header(_ name: String) -> String? { self.headers.first { $0.name.lowercased() == name.lowercased() }?.value }

    /// What an endpoint's own verifier makes of it.
    func verdict(_ verifier: Verifier, origin: String, now: Timestamp) -> Verdict {
        let facts = RequestFacts(
            platform: verifier.platform,
            method: "POST",
            origin: origin,
            target: self.target,
            headers: self.headers.map { (name: $0.name, value: $0.value) }
        )
        return verifier.verify(facts, body: self.body, now: now)
    }
}
