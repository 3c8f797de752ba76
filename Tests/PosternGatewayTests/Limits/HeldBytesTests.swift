import PosternGateway
import Testing

@Suite struct HeldBytesTests {
    @Test(arguments: [(99, true), (100, true), (101, false)])
    func `holds exactly as much as it may`(bytes: Int, fits: Bool) {
        let held = HeldBytes(limit: 100)
        #expect(held.take(bytes, nil) == fits)
        #expect(held.count == (fits ? bytes : 0))
    }

    @Test func `an organization that holds half begins nothing more, another does`() {
        let held = HeldBytes(limit: 100)
        let hog = OrganizationShare(index: 0)
        let guest = OrganizationShare(index: 1)
        #expect(held.take(49, hog))
        #expect(held.mayBegin(hog))
        #expect(held.take(1, hog))
        #expect(!held.mayBegin(hog))
        #expect(held.mayBegin(guest))
        #expect(held.mayBegin(nil))
        held.release(50, hog)
        #expect(held.count == 0)
        #expect(held.mayBegin(hog))
    }

    @Test func `requests that began together do not take more of an organization than its part`() {
        let held = HeldBytes(limit: 100)
        let hog = OrganizationShare(index: 0)
        let guest = OrganizationShare(index: 1)
        for _ in 0..<10 { #expect(held.mayBegin(hog)) }
        var taken = 0
        for _ in 0..<10 where held.take(10, hog) { taken += 10 }
        #expect(taken == 50)
        #expect(held.take(25, guest))
        #expect(!held.take(26, guest))
        #expect(held.count == 75)
    }

    @Test func `when everything is held nobody begins`() {
        let held = HeldBytes(limit: 10)
        #expect(held.take(10, nil))
        #expect(!held.mayBegin(OrganizationShare(index: 0)))
        #expect(!held.mayBegin(nil))
    }
}
