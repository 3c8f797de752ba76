import PosternHTTP
import Testing

@Suite struct SmugglingTests {
    private static let table =
        SmugglingCase.lengths + SmugglingCase.codings + SmugglingCase.chunkForms + SmugglingCase.requestLines
        + SmugglingCase.fieldForms + SmugglingCase.connections

    @Test(.timeLimit(.minutes(5)), arguments: Self.table)
    func `answers as the RFC says and lets nothing through behind it`(request: SmugglingCase) async throws {
        let live = try await LiveServer.start()
        var client = try await LiveClient.connect(to: live.server.address)
        client.push(bytes: request.bytes + Array(SmugglingCase.marker.utf8))
        let begun: [String]
        switch request.outcome {
        case .refused(let status, let seen):
            let answers = await client.allAnswers()
            #expect(answers.map(\.status) == [status])
            #expect(answers.last?.fields["connection"] == "close")
            #expect(try await !live.transcript().contains { $0.hasPrefix("complete") })
            begun = seen
        case .served(let seen, let bytes):
            let answers = await client.answers(seen.count + 1)
            #expect(answers.map(\.status) == Array(repeating: 200, count: seen.count + 1))
            #expect(answers.last?.fields["connection"] == nil)
            if bytes > 0 { #expect(try await live.transcript().contains("complete \(bytes)")) }
            begun = seen + [SmugglingCase.markerBegun]
            try await client.close()
        case .last(let seen, let statuses):
            let answers = await client.allAnswers()
            #expect(answers.map(\.status) == statuses)
            #expect(answers.last?.fields["connection"] == "close")
            begun = seen
        }
        #expect(try await live.transcript().filter { $0.hasPrefix("begin") } == begun)
        await live.stop()
    }

    @Test(arguments: Self.table)
    func `answers alike wherever the bytes are cut`(request: SmugglingCase) throws {
        let bytes = request.bytes + Array(SmugglingCase.marker.utf8)
        let whole = try Self.outcome(of: [bytes[...]])
        if bytes.count < 500 {
            #expect(try Self.outcome(of: bytes.indices.map { bytes[$0...$0] }) == whole, "byte by byte")
        }
        // Byte by byte shows every state; the cuts show that no read is special. Padding shows nothing new.
        for cut in stride(from: 3, to: bytes.count, by: 11) where cut < 200 || cut > bytes.count - 100 {
            #expect(try Self.outcome(of: [bytes[..<cut], bytes[cut...]]) == whole, "cut before byte \(cut)")
        }
    }

    private static func outcome(of pieces: [ArraySlice<UInt8>]) throws -> [String] {
        let server = try EmbeddedServer()
        for piece in pieces { server.send(piece) }
        let calls = server.responder.transcript.filter { $0.hasPrefix("begin") || $0.hasPrefix("complete") }
        return calls + server.statuses.map(String.init) + [server.isOpen ? "open" : "closed"]
    }
}
