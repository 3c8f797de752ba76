import PosternGateway
import PosternModel
import PosternStore
import Testing

@Suite struct RejectionSamplerTests {
    private static let endpoint = EndpointID(UniqueID(high: 2, low: 1))
    private static let noon = Timestamp(seconds: 43_200)

    private static func sample(_ endpoint: EndpointID) -> RejectionSample {
        RejectionSample(
            id: UniqueID(high: 9, low: 9),
            organization: OrganizationID(UniqueID(high: 1, low: 1)),
            endpoint: endpoint,
            at: Self.noon,
            reason: "signature_mismatch",
            address: "192.0.2.1",
            method: "POST",
            headers: []
        )
    }

    @Test func `a flood leaves a handful a minute for each reason`() {
        var sampler = RejectionSampler()
        let wanted = (0..<1000).filter { _ in sampler.wants(.signatureMismatch, of: Self.endpoint, at: Self.noon) }
        #expect(wanted.count == RejectionSampler.perMinute)
        let another = sampler.wants(.badToken, of: Self.endpoint, at: Self.noon)
        #expect(another, "a flood of one reason hides no other")
        let later = sampler.wants(.signatureMismatch, of: Self.endpoint, at: Timestamp(seconds: 43_260))
        #expect(later)
    }

    @Test func `what waits for the next flush is bounded`() {
        var sampler = RejectionSampler()
        for number in 0..<10_000 {
            let endpoint = EndpointID(UniqueID(high: 3, low: UInt64(number)))
            if sampler.wants(.signatureMismatch, of: endpoint, at: Self.noon) { sampler.keep(Self.sample(endpoint)) }
        }
        let drained = sampler.drain()
        #expect(drained.count == RejectionSampler.waiting)
        let again = sampler.drain()
        #expect(again.isEmpty)
    }
}
