import FoundationEssentials
import PosternPlatforms
import Testing

@Suite struct SampleFolderTests {
    @Test func `a folder without samples has none`() throws {
        try TemporaryFolder.with([:]) { folder in
            let samples = try SampleFolder.read(folder)
            #expect(samples.isEmpty)
        }
    }

    @Test func `reads pairs by name and leaves other files alone`() throws {
        let expectation = #"{"url": "https://x.example/", "verdict": "accepted"}"#
        let files = [
            "samples/b.http": "POST / HTTP/1.1\n\nb", "samples/b.expected.json": expectation,
            "samples/a.http": "POST / HTTP/1.1\n\na", "samples/a.expected.json": expectation, "samples/notes.txt": "?",
        ]
        try TemporaryFolder.with(files) { folder in
            let samples = try SampleFolder.read(folder)
            #expect(samples.map(\.name) == ["a", "b"])
            #expect(samples.map(\.request.body) == [Array("a".utf8), Array("b".utf8)])
        }
    }

    @Test(arguments: ["samples/a.http", "samples/a.expected.json"])
    func `misses the other half of a pair`(name: String) throws {
        try TemporaryFolder.with([name: "POST / HTTP/1.1\n\n"]) { folder in
            do throws(SampleError) {
                _ = try SampleFolder.read(folder)
                Issue.record("it was read")
            } catch {
                guard case .unreadable(let file, _) = error else {
                    Issue.record("\(error)")
                    return
                }
                #expect(file == "\(folder)/samples/\(name.hasSuffix(".http") ? "a.expected.json" : "a.http")")
            }
        }
    }
}
