import NIOCore
import NIOHTTP1
import PosternModel
import PosternOutbound
import Testing

@Suite(.timeLimit(.minutes(5))) struct OutboundClientTests {
    private static func target(
        _ port: Int,
        path: String = "/in?a=%2F&b",
        destination: DestinationID = .fresh(at: .now()),
        signing: [SigningSecret] = [],
        form: PayloadForm = .structured,
        timeout: Duration = .seconds(20)
    ) throws -> OutboundTarget {
        try .sample(
            "http://127.0.0.1:\(port)\(path)",
            destination: destination,
            headers: [("authorization", Secret("Bearer 1"))],
            signing: signing,
            form: form,
            timeout: timeout,
            allowsPrivate: true
        )
    }

    @Test(arguments: PayloadForm.allCases)
    func `sends each form as it was written`(form: PayloadForm) async throws {
        try await WireServer.with { server, port in
            let target = try Self.target(port, signing: [.generate()], form: form)
            let before = Timestamp.now()
            let answer = try await OutboundClient.with { await $0.send(to: target) }
            #expect(answer.status == 200)
            #expect(answer.startedAt >= before && answer.startedAt <= .now())
            #expect(answer.duration > .zero)
            let request = try #require(server.requests.first)
            let time = try #require(request.head.headers.first(name: "webhook-timestamp").flatMap(Int64.init))
            let expected = try OutboundRequest(
                OutboundMessage(event: .sample(), attempt: 1, original: .sample),
                to: target,
                at: Timestamp(seconds: time),
                userAgent: "Postern/test"
            )
            #expect(request.body == expected.body)
            #expect(request.head.method == .POST)
            #expect(request.head.uri == "/in?a=%2F&b")
            var fields = request.head.headers
            #expect(fields["host"] == ["127.0.0.1:\(port)"])
            #expect(fields["content-length"] == ["\(expected.body.count)"])
            for name in ["host", "content-length", "connection"] { fields.remove(name: name) }
            #expect(
                fields.map { "\($0.name): \($0.value)" }.sorted()
                    == expected.headers.map { "\($0.name): \($0.value)" }.sorted()
            )
        }
    }

    @Test func `posts a body of the caller's`() async throws {
        try await WireServer.with { server, port in
            let target = try Self.target(port, signing: [.generate()])
            let answer = try await OutboundClient.with {
                await $0.post(Array("{\"text\":\"x\"}".utf8), contentType: "application/json", to: target)
            }
            #expect(answer.status == 200)
            let request = try #require(server.requests.first)
            #expect(request.body == Array("{\"text\":\"x\"}".utf8))
            #expect(request.head.headers["content-type"] == ["application/json"])
            #expect(request.head.headers["webhook-signature"].count == 1)
        }
    }

    @Test func `uses a connection again`() async throws {
        try await WireServer.with { server, port in
            let target = try Self.target(port)
            try await OutboundClient.with { client in
                for _ in 0..<20 { #expect(await client.send(to: target).status == 200) }
            }
            #expect(server.connections == 1)
            #expect(server.requests.count == 20)
        }
    }

    @Test func `keeps destinations apart, even at the same address`() async throws {
        try await WireServer.with { server, port in
            let targets = [try Self.target(port), try Self.target(port)]
            try await OutboundClient.with { client in
                for target in targets + targets { #expect(await client.send(to: target).status == 200) }
            }
            #expect(server.connections == 2)
        }
    }

    @Test func `sends many at once`() async throws {
        try await WireServer.with { server, port in
            let target = try Self.target(port)
            let delivered = try await OutboundClient.with { client in
                await withTaskGroup(of: Bool.self) { group in
                    for _ in 0..<200 { group.addTask { await client.send(to: target).status == 200 } }
                    return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
                }
            }
            #expect(delivered == 200)
            #expect(server.requests.count == 200)
        }
    }

    @Test(arguments: [201, 299, 301, 302, 307, 308, 400, 404, 408, 410, 429, 500, 503])
    func `hands on the status, and follows no redirect`(status: Int) async throws {
        let reply = WireServer.Reply.status(status, ["location: http://127.0.0.1/elsewhere"], body: "moved")
        try await WireServer.with(reply: { _ in reply }) { server, port in
            let target = try Self.target(port)
            let answer = try await OutboundClient.with { await $0.send(to: target) }
            #expect(answer.result == .answered(status: status))
            #expect(answer.text == "moved")
            #expect(server.requests.count == 1)
        }
    }

    @Test func `hands on when the destination wants to be asked again`() async throws {
        let date = Timestamp.now().advanced(by: .seconds(600))
        let replies: [WireServer.Reply] = [
            .status(429, ["Retry-After: 120"]), .status(503, ["retry-after: \(httpDate(date))"]), .status(429),
            .status(429, ["Retry-After: soon"]),
        ]
        let answers = try await WireServer.with(
            reply: { replies[Int($0.head.headers.first(name: "postern-attempt") ?? "") ?? 0] },
            { _, port in
                let target = try Self.target(port)
                return try await OutboundClient.with { client in
                    var answers: [OutboundAnswer] = []
                    for attempt in replies.indices {
                        answers.append(await client.send(attempt: attempt, to: target))
                    }
                    return answers
                }
            }
        )
        #expect(answers[0].retryAfter == .seconds(120))
        let wait = try #require(answers[1].retryAfter)
        #expect(wait > .seconds(500) && wait <= .seconds(600))
        #expect(answers[2].retryAfter == nil)
        #expect(answers[3].retryAfter == nil)
    }

    @Test func `gives up on a destination that hangs`() async throws {
        try await WireServer.with(reply: { _ in .bytes("") }) { server, port in
            let target = try Self.target(port, timeout: .milliseconds(200))
            let answer = try await OutboundClient.with { await $0.send(to: target) }
            #expect(answer.failure == .timeout)
            #expect(answer.duration >= .milliseconds(200))
            #expect(answer.duration < .seconds(20))
            await server.waitForEnds(1)
        }
    }

    @Test func `takes a status for an answer when the body hangs, but waits no longer than it may`() async throws {
        let head = "HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nbegin"
        try await WireServer.with(reply: { _ in .endless(head, piece: ".", every: .milliseconds(10)) }) {
            server,
            port in
            let target = try Self.target(port, timeout: .seconds(2))
            let answer = try await OutboundClient.with { await $0.send(to: target) }
            #expect(answer.status == 200)
            #expect(answer.text.hasPrefix("begin"))
            #expect(answer.duration < .seconds(20))
            await server.waitForEnds(1)
        }
    }

    @Test func `stops reading an answer that is too long, and closes`() async throws {
        let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
        let piece = "1000\r\n" + String(repeating: "x", count: 4096) + "\r\n"
        try await WireServer.with(reply: { _ in .endless(head, piece: piece, every: .milliseconds(1)) }) {
            server,
            port in
            let target = try Self.target(port, timeout: .seconds(50))
            try await OutboundClient.with { client in
                let answer = await client.send(to: target)
                #expect(answer.status == 200)
                #expect(answer.duration < .seconds(40))
                #expect(answer.text == String(repeating: "x", count: 4096))
                await server.waitForEnds(1)
            }
        }
    }

    @Test func `reads 65536 bytes to use the connection again, and not one more`() async throws {
        let rest =
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n10000\r\n" + String(repeating: "x", count: 65_536)
        // One byte more, and the end of the answer never comes: only a client that closes gets any further.
        let replies: [WireServer.Reply] = [
            .bytes(rest + "\r\n0\r\n\r\n"), .status(200), .bytes(rest + "\r\n1\r\nx\r\n"),
        ]
        try await WireServer.with(
            reply: { replies[Int($0.head.headers.first(name: "postern-attempt") ?? "") ?? 0] },
            { server, port in
                let target = try Self.target(port, timeout: .seconds(50))
                try await OutboundClient.with { client in
                    for attempt in replies.indices {
                        let answer = await client.send(attempt: attempt, to: target)
                        #expect(answer.status == 200)
                        #expect(answer.duration < .seconds(40))
                    }
                    #expect(server.connections == 1)
                    await server.waitForEnds(1)
                }
            }
        )
    }

    @Test(
        arguments: [
            (WireServer.Reply.reset, OutboundFailure.closed),
            (.last(""), .closed),
            (.last("HTTP/1.1 200"), .closed),
            (.last("HTTP/1.1 200 OK\r\ncontent-le"), .closed),
            (.bytes("SSH-2.0-OpenSSH_9.2\r\n\r\n"), .protocol),
            (.bytes("HTTP/1.1 99999 X\r\n\r\n"), .protocol),
            (.bytes("HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n"), .protocol),
        ]
    )
    func `tells how an exchange failed`(reply: WireServer.Reply, failure: OutboundFailure) async throws {
        try await WireServer.with(reply: { _ in reply }) { _, port in
            let target = try Self.target(port)
            let answer = try await OutboundClient.with { await $0.send(to: target) }
            #expect(answer.failure == failure, "\(answer.result)")
        }
    }

    @Test func `tells that nobody listens`() async throws {
        // Nothing uses this port any more, and the system gives it to nobody.
        let target = try Self.target(1)
        let answer = try await OutboundClient.with { await $0.send(to: target) }
        #expect(answer.failure == .connect, "\(answer.result)")
    }

    @Test func `takes a status for an answer when the connection ends in the body`() async throws {
        let reply = WireServer.Reply.last("HTTP/1.1 500 X\r\ncontent-length: 100\r\n\r\nhalf")
        try await WireServer.with(reply: { _ in reply }) { _, port in
            let target = try Self.target(port)
            let answer = try await OutboundClient.with { await $0.send(to: target) }
            #expect(answer.result == .answered(status: 500))
            #expect(answer.text == "half")
        }
    }

    @Test func `keeps of an answer what is text`() async throws {
        let reply = WireServer.Reply.status(400, body: "a\u{0}b\u{1}é")
        try await WireServer.with(reply: { _ in reply }) { _, port in
            let target = try Self.target(port)
            #expect(try await OutboundClient.with { await $0.send(to: target) }.text == "ab\u{1}é")
        }
    }

    @Test func `fails as canceled when its task is canceled`() async throws {
        try await WireServer.with(reply: { _ in .bytes("") }) { server, port in
            let target = try Self.target(port)
            try await OutboundClient.with { client in
                let answer = await withTaskGroup(of: OutboundAnswer.self) { group in
                    group.addTask { await client.send(to: target) }
                    while server.requests.isEmpty { await Task.yield() }
                    group.cancelAll()
                    return await group.next()
                }
                #expect(answer?.failure == .canceled)
            }
        }
    }

    @Test func `fails as canceled when it is shut down, and afterwards`() async throws {
        try await WireServer.with(reply: { _ in .bytes("") }) { server, port in
            let target = try Self.target(port)
            try await OutboundClient.with { client in
                async let answer = client.send(to: target)
                while server.requests.isEmpty { await Task.yield() }
                await client.shutdown()
                #expect(await answer.failure == .canceled)
                #expect(await client.send(to: target).failure == .canceled)
            }
        }
    }

    @Test func `has no raw form without the platform's request`() async throws {
        let target = try Self.target(1, form: .raw)
        let answer = try await OutboundClient.with {
            await $0.send(OutboundMessage(event: .sample(), attempt: 1), to: target)
        }
        #expect(answer.failure == .bodyGone)
    }
}

/// An IMF-fixdate; the day of the week is any.
private func httpDate(_ time: Timestamp) -> String {
    let (year, month, day) = CivilDate(time).components
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    let clock = time.description.dropFirst(11).prefix(8)
    return "Mon, \(day < 10 ? "0" : "")\(day) \(months[Int(month) - 1]) \(year) \(clock) GMT"
}
