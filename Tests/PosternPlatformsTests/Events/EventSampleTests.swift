import PosternJSON
import PosternPlatforms
import Testing

@Suite struct EventSampleTests {
    @Test func `there are samples`() {
        #expect(SamplePayload.all.count == 25)
    }

    @Test(arguments: SamplePayload.all)
    func `each sample becomes the events it should`(sample: SamplePayload) throws {
        let plan = try EventPlan(yaml: #require(SampleDefinitions.text(sample.platform)))
        let normalized = try plan.events(sample.body, contentType: sample.contentType)
        let events = normalized.events.map(SamplePayload.Event.init)
        #expect(events == sample.events)
        #expect(normalized.unrecognized == 0)
        #expect(normalized.events.map(\.index) == Array(0..<sample.events.count))
        #expect(normalized.events.allSatisfy { $0.keySource == .event && $0.recognized })
    }

    @Test(arguments: SamplePayload.all)
    func `each event's data is a part of the body, byte for byte`(sample: SamplePayload) throws {
        guard sample.platform != "google_ads_lead", sample.platform != "youtube_websub" else { return }
        let plan = try EventPlan(yaml: #require(SampleDefinitions.text(sample.platform)))
        for event in try plan.events(sample.body).events {
            #expect(sample.body.contains(event.dataText))
            #expect(throws: Never.self) { try JSONDocument(bytes: event.data) }
        }
    }

    @Test(arguments: SamplePayload.all)
    func `each truncation of a sample is a clean error`(sample: SamplePayload) throws {
        let plan = try EventPlan(yaml: #require(SampleDefinitions.text(sample.platform)))
        let body = Array(sample.body.utf8)
        let isXML = sample.contentType.hasSuffix("xml")
        for length in 0..<body.count {
            let part = Array(body[..<length])
            do throws(NormalizationError) {
                _ = try plan.events(body: part, contentType: sample.contentType, source: DeliveryFacts())
                Issue.record("\(length) bytes were read as a whole body")
            } catch {
                switch error {
                case .emptyBody: #expect(length == 0)
                case .malformedJSON(let offset, _): #expect(!isXML && offset == length)
                case .malformedXML: #expect(isXML)
                default: Issue.record("\(length) bytes: \(error)")
                }
            }
        }
    }

    @Test(arguments: SamplePayload.all)
    func `mutations of a sample never do worse than an error`(sample: SamplePayload) throws {
        let plan = try EventPlan(yaml: #require(SampleDefinitions.text(sample.platform)))
        var random = SeededGenerator(state: UInt64(sample.body.utf8.count))
        let marks = Array("{}[]\":,\\u0-.n<>&#;!/x".utf8) + [0, 0xC3, 0xFF]
        for _ in 0..<300 {
            var body = Array(sample.body.utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<body.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: body[place] = marks.randomElement(using: &random) ?? 0
                case 1: body.remove(at: place)
                default: body.insert(marks.randomElement(using: &random) ?? 0, at: place)
                }
            }
            do throws(NormalizationError) {
                let normalized = try plan.events(body: body, contentType: sample.contentType, source: DeliveryFacts())
                #expect(!normalized.events.isEmpty)
                #expect(normalized.events.allSatisfy { !$0.key.isEmpty && !$0.type.isEmpty })
            } catch {
                #expect(!error.code.isEmpty)
            }
        }
    }
}
