internal import NIOCore
internal import NIOEmbedded
internal import NIOHTTP1
internal import PosternHTTP

/// HTTP/1.1 without a socket and without webhooks: from the bytes of a request to those of its answer.
enum HTTPCases {
    /// How a request's bytes come.
    private struct Request {
        let name: String
        let bytes: Int
        /// Whether it is answered once the head is read, the rest being dropped.
        let answersHead: Bool
        /// The most bytes in one read.
        let readBytes: Int
    }

    private static let requests = [
        Request(name: "http/head alone", bytes: 0, answersHead: true, readBytes: .max),
        Request(name: "http/1 KiB", bytes: 1024, answersHead: false, readBytes: .max),
        Request(name: "http/1 KiB, in reads of 256 B", bytes: 1024, answersHead: false, readBytes: 256),
        Request(name: "http/64 KiB, in reads of 16 KiB", bytes: 65_536, answersHead: false, readBytes: 16_384),
    ]

    @Sendable static func all() throws(CaseFailure) -> [MeasuredCase] {
        Self.requests.map { request in MeasuredCase(request.name) { () throws(CaseFailure) in try Self.work(request) } }
    }

    private static func work(_ request: Request) throws(CaseFailure) -> MeasuredCase.Work {
        let name = try PlatformRequest.name("github")
        // The head of a real one, and as many bytes behind it as wanted.
        let signed = try PlatformRequest(name)
        var headers = signed.headers
        headers.replaceOrAdd(name: "Content-Length", value: "\(request.bytes)")
        var wire = ByteBuffer(string: "POST \(signed.target) HTTP/1.1\r\n")
        for (name, value) in headers { wire.writeString("\(name): \(value)\r\n") }
        wire.writeString("\r\n")
        wire.writeRepeatingByte(0x61, count: request.bytes)
        var reads: [ByteBuffer] = []
        while wire.readableBytes > 0 {
            guard let read = wire.readSlice(length: min(request.readBytes, wire.readableBytes)) else { break }
            reads.append(ByteBuffer(bytes: read.readableBytesView))
        }
        let all = reads
        return { (count: Int) throws(CaseFailure) in
            let loop = EmbeddedEventLoop()
            let (context, ledger) = CaseConnection.context(Responder(request.answersHead), on: loop)
            let connection = try CaseConnection(context, on: loop, ledger)
            for _ in 0..<count {
                for read in all { try connection.receive(read) }
                try connection.expect("2")
            }
        }
    }

    /// Answers 200 to everything.
    private final class Responder: RequestResponder {
        private let answersHead: Bool
        private let answer = PreparedAnswer(status: .ok)

        init(_ answersHead: Bool) { self.answersHead = answersHead }

        func begin(_ head: RequestHead, exchange: Exchange) -> HeadDecision {
            self.answersHead ? .answer(self.answer) : .read(limitBytes: 1 << 20)
        }

        func received(_ chunk: ByteBuffer, exchange: Exchange) {}

        func complete(_ exchange: Exchange) { exchange.answer(self.answer) }

        func aborted(_ exchange: Exchange, reason: AbortReason) {}
    }
}
