import NIOCore
import NIOHTTP1
import PosternHTTP
import Testing

@Suite struct PreparedAnswerTests {
    @Test func `keeps status and body`() {
        let answer = PreparedAnswer(status: .accepted, text: "{}")
        #expect(answer.status == 202)
        #expect(String(buffer: answer.body) == "{}")
    }

    @Test(arguments: [HTTPResponseStatus.noContent, .notModified])
    func `carries no body where none is allowed`(status: HTTPResponseStatus) {
        #expect(PreparedAnswer(status: status, text: "body").body.readableBytes == 0)
    }

    @Test func `lets no constant field break out of its line`() throws {
        let server = try EmbeddedServer()
        server.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\n")
        let answer = PreparedAnswer(
            status: .custom(code: 299, reasonPhrase: "Fine\r\nA: b"),
            contentType: "text/plain\r\nC: d",
            text: "x",
            fields: [("E\r\nF", "g\r\n\r\nh")]
        )
        server.responder.answerOldest(answer)
        let received = try #require(server.answers().first)
        #expect(received.status == 299)
        #expect(received.body == "x")
        #expect(received.fields["a"] == nil)
        #expect(received.fields["c"] == nil)
        #expect(received.fields["f"] == nil)
        #expect(received.fields["e  f"] == "g    h")
    }

    @Test func `says nothing of length and type without a body`() throws {
        let server = try EmbeddedServer()
        server.send("GET /later HTTP/1.1\r\nHost: a\r\n\r\nGET /later HTTP/1.1\r\nHost: a\r\n\r\n")
        server.responder.answerOldest(PreparedAnswer(status: .noContent))
        server.responder.answerOldest(PreparedAnswer(status: .ok))
        let answers = server.answers()
        #expect(answers.map(\.fields["content-length"]) == [nil, "0"])
        #expect(answers.map(\.fields["content-type"]) == [nil, nil])
    }
}
