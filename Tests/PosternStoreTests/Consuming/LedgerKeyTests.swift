import PosternModel
import PosternStore
import Testing

@Suite struct LedgerKeyTests {
    private let endpoint = EndpointID(UniqueID(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3210))

    @Test func `is the beginning of SHA-256 over endpoint, account, zero and key`() throws {
        // printf '\x01\x23\x45\x67\x89\xab\xcd\xef\xfe\xdc\xba\x98\x76\x54\x32\x10acct\0key' | sha256sum
        let key = try LedgerKey(endpoint: self.endpoint, account: "acct", key: "key")
        #expect("\(key.id)" == "00173bcf-f10a-e09b-6671-80bd97a9af69")
    }

    @Test func `differs by endpoint, account and key`() throws {
        let other = EndpointID(UniqueID(high: 0x0123_4567_89AB_CDEF, low: 0xFEDC_BA98_7654_3211))
        let keys = [
            try LedgerKey(endpoint: self.endpoint, account: nil, key: "k"),
            try LedgerKey(endpoint: other, account: nil, key: "k"),
            try LedgerKey(endpoint: self.endpoint, account: "k", key: ""),
            try LedgerKey(endpoint: self.endpoint, account: "a", key: "k"),
            try LedgerKey(endpoint: self.endpoint, account: nil, key: "ak"),
            try LedgerKey(endpoint: self.endpoint, account: nil, key: ""),
        ]
        #expect(Set(keys).count == keys.count)
    }

    @Test func `takes no account as an empty one`() throws {
        #expect(
            try LedgerKey(endpoint: self.endpoint, account: nil, key: "k")
                == LedgerKey(endpoint: self.endpoint, account: "", key: "k")
        )
    }
}
