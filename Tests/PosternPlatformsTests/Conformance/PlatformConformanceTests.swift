import FoundationEssentials
import PosternModel
import PosternPlatforms
import Testing

@Suite struct PlatformConformanceTests {
    @Test(arguments: try ShippedSample.all())
    func `each sample gives its verdict, answer and events`(shipped: ShippedSample) {
        #expect(SampleCheck.differences(of: shipped.sample, at: shipped.platform) == [])
    }

    @Test func `each folder is compiled in under its own name`() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: ShippedSample.folder).filter { entry in
            FileManager.default.fileExists(atPath: "\(ShippedSample.folder)/\(entry)/platform.yaml")
        }
        let shipped = try PlatformCatalog.load().all
        #expect(folders.sorted() == shipped.map(\.name.text))
        #expect(shipped.count == 39)
    }

    @Test func `what is compiled in is what stands in the folder`() throws {
        // A stale build of CPosternFiles would hide a change from every other test here.
        let compiled = try PlatformCatalog.load().all
        let read = try PlatformCatalog.load(directories: [ShippedSample.folder]).all
        for (compiled, read) in zip(compiled, read) {
            #expect(compiled.version == read.version)
            #expect(compiled.events == read.events, "\(compiled.name)")
            #expect(compiled.deliveryIDs == read.deliveryIDs, "\(compiled.name)")
        }
    }

    @Test(arguments: try PlatformCatalog.load().all)
    func `each platform shows an accepted and a refused request`(platform: Platform) throws {
        let samples = try SampleFolder.read("\(ShippedSample.folder)/\(platform.name)")
        let verdicts = samples.compactMap(\.expectation.verdict)
        #expect(verdicts.contains(.accepted))
        #expect(verdicts.contains { $0 != .accepted })
        #expect(samples.contains { $0.expectation.events?.isEmpty == false })
    }

    @Test(arguments: try PlatformCatalog.load().all)
    func `each scheme that can be checked is shown`(platform: Platform) throws {
        let samples = try ShippedSample.all().filter { $0.platform.name == platform.name }
        for scheme in platform.schemes where scheme.unsupportedAlgorithm == nil {
            #expect(samples.contains { $0.scheme?.name == scheme.name }, "\(platform.name)/\(scheme.name)")
        }
    }

    @Test(arguments: try PlatformCatalog.load().all)
    func `each platform with a handshake shows its answer`(platform: Platform) throws {
        let samples = try SampleFolder.read("\(ShippedSample.folder)/\(platform.name)")
        let methods = ["GET", "POST", "HEAD"].filter { method in
            platform.handshakes.mayApply(method: method, verified: false)
                || platform.handshakes.mayApply(method: method, verified: true)
        }
        for method in methods {
            #expect(samples.contains { $0.request.method == method && $0.expectation.answer != nil })
        }
    }

    @Test(arguments: try PlatformCatalog.load().all)
    func `nothing a platform may invent is lost`(platform: Platform) throws {
        for body in ["{}", "[]", #"{"novelty":[{"id":1}]}"#, #"{"type":null,"entry":{"a":[1]}}"#, #"{"body":"text"}"#] {
            // Mind the formats: a form and an XML document carry novelties too.
            let (text, type) =
                switch platform.bodyReader.format {
                case .xml: ("<novelty><id>1</id></novelty>", "application/xml")
                case .json, .form, .any: (body, "application/json")
                }
            let normalized = try platform.events.events(
                body: Array(text.utf8),
                contentType: type,
                source: DeliveryFacts(deliveryID: "delivery-1"),
                storedID: "stored-1"
            )
            #expect(!normalized.events.isEmpty)
            #expect(normalized.events.allSatisfy { !$0.type.isEmpty && !$0.key.isEmpty })
        }
    }

    @Test(arguments: try PlatformCatalog.load().all)
    func `what the sender wants to hear is a success`(platform: Platform) {
        #expect((200...299).contains(platform.sender.answer.status))
        for status in [200, platform.sender.answer.status] where platform.sender.action(after: status) != nil {
            Issue.record("\(platform.name) is said to act on \(status)")
        }
    }
}

extension Platform: CustomTestStringConvertible {
    package var testDescription: String { self.name.text }
}
