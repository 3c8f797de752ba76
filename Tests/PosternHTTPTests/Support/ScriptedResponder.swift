import NIOCore
import NIOHTTP1
import PosternHTTP

/// Answers by the path of the request, and writes down every call.
///
/// `/echo` gives the body back, `/limit/N` takes N bytes, `/now` and `/begin` answer the head, `/early` answers the
/// first chunk, `/lie` claims to have answered, `/later` and `/silent` wait for the test, `/large` answers a megabyte, `/fields` adds fields.
final class ScriptedResponder: RequestResponder {
    /// What happened to one request.
    final class Notes {
        var body = ByteBuffer()
        let path: String
        init(path: String) { self.path = path }
    }

    private(set) var transcript: [String] = []
    var waiting: [Exchange] = []
    var peers: [PeerAddress] = []
    var hosts: [String] = []
    /// Called with each line of the transcript; for tests on live sockets.
    var heard: (String) -> Void = { _ in }
    static let fixed = PreparedAnswer(status: .ok, contentType: "text/plain", text: "fixed")

    func begin(_ head: RequestHead, exchange: Exchange) -> HeadDecision {
        self.note("begin \(head.method.rawValue) \(head.target)")
        self.peers.append(head.peer)
        self.hosts += head.headers["host"]
        if exchange.peer != head.peer { self.note("the exchange comes from another peer than its head") }
        let path = String(head.path)
        exchange.state = Notes(path: path)
        switch path {
        case "/now": return .answer(Self.fixed)
        case "/refuse": return .answer(PreparedAnswer(status: .unauthorized, text: "{}"))
        case "/begin":
            exchange.answer(Self.fixed)
            return .answered
        case "/lie": return .answered
        default:
            let limit = path.hasPrefix("/limit/") ? Int(path.dropFirst(7)) ?? 0 : 10_000_000
            return .read(limitBytes: limit)
        }
    }

    func received(_ chunk: ByteBuffer, exchange: Exchange) {
        guard let notes = exchange.state as? Notes else { return self.note("chunk without notes") }
        notes.body.writeImmutableBuffer(chunk)
        if notes.path == "/early" {
            self.note("chunk")
            exchange.answer(Self.fixed)
        }
    }

    func complete(_ exchange: Exchange) {
        guard let notes = exchange.state as? Notes else { return self.note("complete without notes") }
        self.note("complete \(notes.body.readableBytes)")
        switch notes.path {
        case "/later": self.waiting.append(exchange)
        case "/silent": break
        case "/large":
            exchange.answer(PreparedAnswer(status: .ok, body: ByteBuffer(repeating: 0x61, count: 1_000_000)))
        case "/fields":
            exchange.answer(Self.fixed) { fields in
                fields.append("Postern-Delivery-Id", "one\r\nInjected: two")
                fields.append("Retry-After", 7)
            }
        default:
            exchange.answer(PreparedAnswer(status: .ok, contentType: "text/plain", body: notes.body))
        }
    }

    func aborted(_ exchange: Exchange, reason: AbortReason) {
        let notes = exchange.state as? Notes
        self.note("aborted \(notes?.path ?? "without notes") \(reason)")
    }

    /// Answers the oldest request of `/later`.
    func answerOldest(_ answer: PreparedAnswer = ScriptedResponder.fixed) {
        guard !self.waiting.isEmpty else { return }
        self.waiting.removeFirst().answer(answer)
    }

    private func note(_ line: String) {
        self.transcript.append(line)
        self.heard(line)
    }
}
