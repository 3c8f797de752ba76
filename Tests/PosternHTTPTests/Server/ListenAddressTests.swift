import PosternHTTP
import Testing

@Suite struct ListenAddressTests {
    @Test(
        arguments: [
            (ListenAddress.tcp(host: "127.0.0.1", port: 80), "127.0.0.1:80", 80),
            (.tcp(host: "::1", port: 0), "[::1]:0", 0),
            (.unix(path: "/run/postern.sock"), "unix:/run/postern.sock", nil),
        ] as [(ListenAddress, String, Int?)]
    )
    func `is written as people write it`(address: ListenAddress, text: String, port: Int?) {
        #expect(address.description == text)
        #expect(address.port == port)
    }
}
