import PosternLoad
import Testing

@Suite struct ResponseReaderTests {
    /// An answer with what must come of it.
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let text: String
        let status: Int
        var closes = false
        var testDescription: String { self.name }
    }

    static let cases = [
        Case(
            name: "the gateway's",
            text: "HTTP/1.1 200 OK\r\nX-Content-Type-Options: nosniff\r\nContent-Length: 0\r\n"
                + "Postern-Delivery-Id: 01a1ffa9-bcc2-7974-a2fd-7aa23f1548c2\r\n\r\n",
            status: 200
        ),
        Case(
            name: "with a body",
            text: "HTTP/1.1 401 Unauthorized\r\ncontent-length:  5 \r\n\r\nno\r\n\r",
            status: 401
        ),
        Case(
            name: "in chunks",
            text: "HTTP/1.1 503 Busy\r\nTransfer-Encoding: Chunked\r\n\r\n3;a=b\r\nabc\r\n0A\r\n0123456789\r\n0\r\n"
                + "Trailer: x\r\n\r\n",
            status: 503
        ),
        Case(name: "without a body", text: "HTTP/1.1 204\r\nContent-Length: 7\r\n\r\n", status: 204),
        Case(
            name: "after an interim one",
            text: "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202 Accepted\r\nContent-Length: 1\r\n\r\nx",
            status: 202
        ),
        Case(
            name: "that closes",
            text: "HTTP/1.1 400 Bad Request\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n",
            status: 400,
            closes: true
        ),
        Case(name: "of HTTP/1.0", text: "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", status: 200, closes: true),
        Case(
            name: "of HTTP/1.0 that goes on",
            text: "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n",
            status: 200
        ),
        Case(name: "with bare line feeds", text: "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", status: 200),
    ]

    private func read(_ reader: inout ResponseReader, _ bytes: some Collection<UInt8>) -> [ResponseReader.Step] {
        let bytes = Array(bytes)
        var steps: [ResponseReader.Step] = []
        var position = 0
        while position < bytes.count {
            let step = reader.next(bytes.span, at: &position)
            steps.append(step)
            if step == .malformed { break }
        }
        return steps.filter { $0 != .needsMore }
    }

    private func deliveryID(_ reader: ResponseReader) -> String {
        var bytes: [UInt8] = []
        reader.deliveryID.append(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: Self.cases)
    func `reads an answer cut at every point`(_ answer: Case) {
        let bytes = Array(answer.text.utf8)
        for cut in 0...bytes.count {
            var reader = ResponseReader()
            let steps = self.read(&reader, bytes[..<cut]) + self.read(&reader, bytes[cut...])
            #expect(steps == [.answer(status: answer.status, closes: answer.closes)], "cut at \(cut)")
            #expect(reader.mayClose)
        }
    }

    @Test(arguments: Self.cases)
    func `reads an answer byte by byte`(_ answer: Case) {
        var reader = ResponseReader()
        let steps = answer.text.utf8.flatMap { self.read(&reader, [$0]) }
        #expect(steps == [.answer(status: answer.status, closes: answer.closes)])
    }

    @Test(arguments: Self.cases)
    func `waits for the rest of a truncated answer`(_ answer: Case) {
        let bytes = Array(answer.text.utf8)
        for count in 1..<bytes.count {
            var reader = ResponseReader()
            #expect(self.read(&reader, bytes[..<count]).isEmpty, "\(count) bytes")
            // Between an interim answer and the real one nothing is missing yet.
            if !String(decoding: bytes[..<count], as: UTF8.self).hasSuffix("Continue\r\n\r\n") {
                #expect(!reader.mayClose, "\(count) bytes")
                #expect(reader.end() == .malformed, "\(count) bytes")
            }
        }
    }

    @Test func `reads answers one after the other from one piece`() {
        var reader = ResponseReader()
        let steps = self.read(&reader, Self.cases.flatMap { Array($0.text.utf8) })
        #expect(steps == Self.cases.map { .answer(status: $0.status, closes: $0.closes) })
    }

    @Test func `keeps the delivery's id until the next answer`() {
        var reader = ResponseReader()
        _ = self.read(&reader, Self.cases[0].text.utf8)
        #expect(self.deliveryID(reader) == "01a1ffa9-bcc2-7974-a2fd-7aa23f1548c2")
        _ = self.read(&reader, Self.cases[1].text.utf8)
        #expect(self.deliveryID(reader) == "-")
    }

    @Test(arguments: ["", "a b", String(repeating: "x", count: 49)])
    func `takes an id that would not be one word of a line for none`(id: String) {
        var reader = ResponseReader()
        _ = self.read(&reader, "HTTP/1.1 200 OK\r\nPostern-Delivery-Id: \(id)\r\nContent-Length: 0\r\n\r\n".utf8)
        #expect(self.deliveryID(reader) == "-")
    }

    @Test func `reads up to the end of the connection without a length`() {
        var reader = ResponseReader()
        #expect(self.read(&reader, "HTTP/1.1 200 OK\r\n\r\nbody".utf8).isEmpty)
        #expect(reader.mayClose)
        #expect(reader.end() == .answer(status: 200, closes: true))
    }

    @Test func `has nothing to say about the end of an idle connection`() {
        var reader = ResponseReader()
        #expect(reader.end() == .needsMore)
    }

    @Test(arguments: [
        "HTTP/2 200\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000\r\n\r\n", "HTTP/1.1 099 No\r\n\r\n",
        "HTTP/1.1 600 No\r\n\r\n", "ICY 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1a\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n123456789\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab",
    ])
    func `refuses what is no answer or has no certain length`(text: String) {
        var whole = ResponseReader()
        #expect(self.read(&whole, text.utf8) == [.malformed])
    }

    @Test(arguments: [(65_536, true), (65_537, false)])
    func `bounds a head that comes in pieces`(count: Int, isRead: Bool) {
        let start = "HTTP/1.1 200 OK\r\nX: "
        var reader = ResponseReader()
        let first = start + String(repeating: "x", count: count - start.utf8.count)
        #expect(self.read(&reader, first.utf8) == (isRead ? [] : [.malformed]))
    }
}
