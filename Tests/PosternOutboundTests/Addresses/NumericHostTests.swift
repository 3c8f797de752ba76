import PosternHTTP
import PosternOutbound
import PosternTesting
import Testing

@Suite struct NumericHostTests {
    /// What there are ways to write, those that mean something and those that do not.
    static let spellings = [
        "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0x7f.1", "017700000001",
        "0177.0.0.1", "0177.0x0.1", "00000177.1", "0", "0x0", "4294967295", "0xffffffff", "037777777777",
        "255.255.255.255", "10.65535", "10.0xffff", "1.16777215", "169.254.43518", "0xa9.0xfe.0xa9.0xfe",
        "4294967296", "256.1", "1.256.1", "1.2.256.1", "1.2.3.256", "1.16777216", "1.2.65536", "08.1", "0x", "1..2",
        "1.2.3.4.5", "1.0xg", "0x1_0.1",
    ]

    @Test(arguments: Self.spellings)
    func `is what the C library takes it for`(text: String) async throws {
        let found = try await onThread { () -> [PeerAddress] in
            do throws(LookupFailure) { return try SystemLookup().addresses(of: text) } catch { return [] }
        }
        switch NumericHost(text) {
        case .address(let address): #expect(found == [address])
        case .refused: #expect(found == [])
        case .name: Issue.record("\(text) was taken for a name")
        }
    }

    @Test(arguments: ["example.com", "1.example", "a", "", "0x7f.example", "x0.0xyz.a", "1.2.3.4x"])
    func `leaves names alone`(text: String) { #expect(NumericHost(text) == .name) }
}
