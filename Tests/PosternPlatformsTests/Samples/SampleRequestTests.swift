import PosternPlatforms
import Testing

@Suite struct SampleRequestTests {
    private func read(_ text: String) throws(SampleError) -> SampleRequest { try SampleRequest(Array(text.utf8)) }

    @Test(arguments: ["\n", "\r\n"])
    func `reads head and body`(end: String) throws {
        let head = ["POST /in/x?a=1 HTTP/1.1", "Host: hooks.example.com", "X-Empty:", "x-id:\t7", "", ""]
        let request = try self.read(head.joined(separator: end) + "{}\r\n\n")
        #expect(request.method == "POST")
        #expect(request.target == "/in/x?a=1")
        #expect(request.headers.map(\.name) == ["Host", "X-Empty", "x-id"])
        #expect(request.headers.map(\.value) == ["hooks.example.com", "", "7"])
        #expect(request.header("X-ID") == "7")
        #expect(request.header("X-Other") == nil)
        #expect(request.body == Array("{}\r\n\n".utf8))
    }

    @Test func `keeps a body that is empty, or no text at all`() throws {
        #expect(try self.read("HEAD / HTTP/1.1\n\n").body.isEmpty)
        let bytes = Array("POST / HTTP/1.1\n\n".utf8) + [0xFF, 0x00, 0x0A]
        #expect(try SampleRequest(bytes).body == [0xFF, 0x00, 0x0A])
    }

    @Test(arguments: [
        "", "POST / HTTP/1.1", "POST / HTTP/1.1\n", "POST / HTTP/1.1\nHost: x\n", "POST /\n\n", "POST  / HTTP/1.1\n\n",
        "POST in HTTP/1.1\n\n", " / HTTP/1.1\n\n", "POST / FTP/1.1\n\n", "POST / HTTP/1.1\nHost\n\n",
        "POST / HTTP/1.1\n: x\n\n",
    ])
    func `refuses what is no request`(text: String) {
        do throws(SampleError) {
            _ = try self.read(text)
            Issue.record("it was read")
        } catch {
            guard case .malformedRequest = error else {
                Issue.record("\(error)")
                return
            }
        }
    }

    @Test func `refuses a head that is not UTF-8`() {
        #expect(throws: SampleError.malformedRequest(reason: "the head is not UTF-8")) {
            try SampleRequest(Array("POST / HTTP/1.1\nX: ".utf8) + [0xFF] + Array("\n\n".utf8))
        }
    }
}
