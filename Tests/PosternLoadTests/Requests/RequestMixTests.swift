import PosternLoad
import Testing

@Suite struct RequestMixTests {
    @Test(arguments: [(0.0, 0.0), (0.1, 0.0), (0.0, 0.3), (0.25, 0.25), (0.01, 0.99), (0.5, 0.5), (1.0, 0.0)])
    func `keeps the ratios at every moment`(duplicates: Double, forgeries: Double) {
        var mix = RequestMix(duplicates: duplicates, forgeries: forgeries)
        var counts: [RequestKind: Double] = [:]
        for sent in 1...1000 {
            counts[mix.next(canRepeat: true), default: 0] += 1
            #expect(abs(counts[.duplicate, default: 0] - duplicates * Double(sent)) <= 1.001)
            #expect(abs(counts[.forged, default: 0] - forgeries * Double(sent)) <= 1.001)
        }
    }

    @Test func `owes a duplicate until there is something to repeat`() {
        var mix = RequestMix(duplicates: 1)
        #expect(mix.next(canRepeat: false) == .genuine)
        #expect(mix.next(canRepeat: true) == .duplicate)
    }
}
