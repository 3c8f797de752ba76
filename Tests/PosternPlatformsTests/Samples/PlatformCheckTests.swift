import FoundationEssentials
import PosternModel
import PosternPlatforms
import Testing

@Suite struct PlatformCheckTests {
    private static let definition = """
        name: acme
        version: 1
        title: Acme
        documentation: https://docs.acme.example/webhooks
        confidence: documented
        body: json
        signature:
          default:
            kind: token
            token: {header: X-Acme-Token}
        events:
          - when: ["body.type"]
            type: "{body.type}"
            key: "{body.id}"
        """
    private static let request = "POST /in HTTP/1.1\nX-Acme-Token: t\n\n{\"type\":\"a.b\",\"id\":\"1\"}"
    private static let expectation = """
        {"url": "https://x.example/in", "secrets": {"signing": "t"}, "verdict": "accepted",
         "events": [{"type": "a.b", "key": "1"}]}
        """

    @Test func `finds nothing wrong with a good folder`() throws {
        let files = [
            "acme/platform.yaml": Self.definition, "acme/samples/a.http": Self.request,
            "acme/samples/a.expected.json": Self.expectation,
        ]
        try TemporaryFolder.with(files) { folder in
            let reports = try PlatformCheck.run(directory: folder)
            #expect(reports.map(\.platform.text) == ["acme"])
            #expect(reports.map(\.samples) == [1])
            #expect(reports.map(\.isGood) == [true])
        }
    }

    @Test func `the example of the page on platforms is a good definition`() throws {
        let page = try #require(FileManager.default.contents(atPath: "\(ShippedSample.folder)/README.md"))
        let lines = String(decoding: page, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        let start = try #require(lines.firstIndex(of: "   ```yaml"))
        let end = try #require(lines[start...].firstIndex(of: "   ```"))
        let definition = lines[(start + 1)..<end].map { $0.dropFirst(3) }.joined(separator: "\n")
        try TemporaryFolder.with(["acme/platform.yaml": definition]) { folder in
            let reports = try PlatformCheck.run(directory: folder)
            #expect(reports.map(\.platform.text) == ["acme"])
        }
    }

    @Test func `a platform without samples is not good`() throws {
        try TemporaryFolder.with(["acme/platform.yaml": Self.definition]) { folder in
            let reports = try PlatformCheck.run(directory: folder)
            #expect(reports.map(\.failures.count) == [0])
            #expect(reports.map(\.isGood) == [false])
        }
    }

    @Test func `names the sample that fails, or the file that cannot be read`() throws {
        var files = [
            "acme/platform.yaml": Self.definition, "acme/samples/a.http": Self.request,
            "acme/samples/a.expected.json": Self.expectation.replacing("a.b", with: "a.c"),
        ]
        try TemporaryFolder.with(files) { folder in
            let failures = try PlatformCheck.run(directory: folder).flatMap(\.failures)
            #expect(failures.map(\.sample) == ["a"])
            #expect(failures.map(\.lines) == [[#"event 0: type is "a.b", not "a.c""#]])
        }
        files["acme/samples/a.expected.json"] = nil
        try TemporaryFolder.with(files) { folder in
            let reports = try PlatformCheck.run(directory: folder)
            #expect(reports.flatMap(\.failures).map(\.sample) == [""])
            #expect(reports.map(\.isGood) == [false])
        }
    }

    @Test func `throws the definition's own error`() throws {
        let broken = Self.definition.replacing("version: 1", with: "version: one")
        try TemporaryFolder.with(["acme/platform.yaml": broken]) { folder in
            do throws(DefinitionError) {
                _ = try PlatformCheck.run(directory: folder)
                Issue.record("it was compiled")
            } catch {
                #expect(error.line == 2)
                #expect(error.file == "\(folder)/acme/platform.yaml")
            }
        }
    }
}

extension String {
    fileprivate func replacing(_ part: String, with other: String) -> String {
        self.split(separator: part, omittingEmptySubsequences: false).joined(separator: other)
    }
}
