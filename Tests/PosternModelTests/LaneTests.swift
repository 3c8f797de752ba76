import PosternModel
import Testing

@Suite struct LaneTests {
    @Test func `an endpoint keeps its lane across processes`() {
        // Computed once by hand with FNV-1a; a change here would tear an endpoint's order apart on upgrade.
        let organization = OrganizationID(UniqueID(high: 1, low: 2))
        let endpoint = EndpointID(UniqueID(high: 3, low: 4))
        var hash: UInt64 = 14_695_981_039_346_656_037
        for number in [1, 2, 3, 4] {
            for byte in [0, 0, 0, 0, 0, 0, 0, UInt64(number)] { hash = (hash ^ byte) &* 1_099_511_628_211 }
        }
        #expect(Lane(organization: organization, endpoint: endpoint, count: 64).number == Int32(hash % 64))
    }

    @Test func `endpoints of one organization spread over the lanes`() {
        let organization = OrganizationID.fresh(at: Timestamp(seconds: 1_795_219_200))
        let lanes = (0..<640).map { _ in
            Lane(organization: organization, endpoint: .fresh(at: Timestamp(seconds: 1_795_219_200)), count: 64)
        }
        #expect(lanes.allSatisfy { lane in (0..<64).contains(lane.number) })
        #expect(Set(lanes).count > 50)
    }
}
