import PosternHTTP
import Testing

@Suite struct ConnectionTallyTests {
    private func limits(_ total: Int, perAddress: Int? = nil) -> ConnectionLimits {
        var limits = ConnectionLimits()
        limits.connections = total
        limits.connectionsPerAddress = perAddress
        return limits
    }

    @Test func `admits up to the cap and again after a release`() {
        var tally = ConnectionTally(self.limits(2))
        #expect(tally.admit(.local) == .admitted)
        #expect(tally.admit(.local) == .admitted)
        #expect(tally.count == 2)
        #expect(tally.admit(.local) == .refused(.tooManyConnections))
        tally.release(.local)
        #expect(tally.admit(.local) == .admitted)
    }

    @Test func `counts each network by itself`() throws {
        let first = try #require(PeerAddress(text: "192.0.2.1"))
        let second = try #require(PeerAddress(text: "192.0.2.2"))
        var tally = ConnectionTally(self.limits(10, perAddress: 1))
        #expect(tally.admit(first) == .admitted)
        #expect(tally.admit(first) == .refused(.tooManyConnectionsFromAddress))
        #expect(tally.admit(second) == .admitted)
        tally.release(first)
        #expect(tally.admit(first) == .admitted)
        #expect(tally.count == 2)
    }

    @Test func `never counts unix sockets as one address`() {
        var tally = ConnectionTally(self.limits(3, perAddress: 1))
        for _ in 0..<3 { #expect(tally.admit(.local) == .admitted) }
        for _ in 0..<3 { tally.release(.local) }
        #expect(tally.count == 0)
    }

    @Test func `counts the connections of a proxy for the networks it names`() throws {
        let network = try #require(PeerAddress(text: "192.0.2.1"))
        var tally = ConnectionTally(self.limits(10, perAddress: 1))
        for _ in 0..<3 { #expect(tally.admit(.local) == .admitted) }
        #expect(tally.name(network) == nil)
        #expect(tally.name(network) == .tooManyConnectionsFromAddress)
        #expect(tally.admit(network) == .refused(.tooManyConnectionsFromAddress))
        #expect(tally.name(.local) == nil)
        tally.release(network)
        #expect(tally.name(network) == nil)
        #expect(tally.count == 2)
    }

    @Test func `answers only so many refused connections at once`() {
        var tally = ConnectionTally(self.limits(0))
        for _ in 0..<ConnectionTally.refusingLimit { #expect(tally.admit(.local) == .refused(.tooManyConnections)) }
        #expect(tally.refusing == ConnectionTally.refusingLimit)
        #expect(tally.admit(.local) == .dropped(.tooManyConnections))
        tally.releaseRefused()
        #expect(tally.admit(.local) == .refused(.tooManyConnections))
    }
}
