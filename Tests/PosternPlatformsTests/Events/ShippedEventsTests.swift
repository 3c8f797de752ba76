import PosternModel
import PosternPlatforms
import Testing

/// The definitions that Postern ships, against the events that the samples must become.
@Suite struct ShippedEventsTests {
    @Test(arguments: SamplePayload.all)
    func `the shipped definition makes of each sample the events it should`(sample: SamplePayload) throws {
        guard let (platform, _) = try SharedCatalog.get().scheme(forAlias: sample.platform) else {
            // Pub/Sub proves itself with a signed token that Postern does not verify, so there is no definition.
            #expect(sample.platform == "google_pubsub")
            return
        }
        let normalized = try platform.events.events(sample.body, contentType: sample.contentType)
        #expect(normalized.unrecognized == 0)
        #expect(normalized.events.map(SamplePayload.Event.init) == sample.events)
        for (event, expected) in zip(normalized.events, sample.events) where expected.subAccount != nil {
            #expect(event.subject == expected.subAccount)
        }
    }
}
