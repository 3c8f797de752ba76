import PosternHTTP
import PosternOutbound
import PosternTesting
import Testing

@Suite(.timeLimit(.minutes(5))) struct SystemLookupTests {
    @Test func `knows this machine`() async throws {
        let found = try await onThread { try SystemLookup().addresses(of: "localhost") }
        #expect(!found.isEmpty)
        #expect(found.allSatisfy { AddressClass($0) == .loopback })
    }

    @Test func `tells why a name has no address`() async throws {
        await #expect(throws: LookupFailure.self) {
            try await onThread { try SystemLookup().addresses(of: "no such name") }
        }
    }
}
