import PosternPlatforms
import Testing

@Suite struct BuiltInSamplesTests {
    @Test(arguments: try PlatformCatalog.load().all)
    func `holds every request that is accepted and makes events`(platform: Platform) throws {
        let expected = try ShippedSample.all().filter { shipped in
            let expectation = shipped.sample.expectation
            return shipped.platform.name == platform.name && expectation.verdict == .accepted
                && expectation.answer == nil && expectation.unreadable == nil
        }
        let found = BuiltInSamples.samples(of: platform.name)
        #expect(found.map(\.name) == expected.map(\.sample.name))
        #expect(found.map(\.request.body) == expected.map(\.sample.request.body))
    }
}
