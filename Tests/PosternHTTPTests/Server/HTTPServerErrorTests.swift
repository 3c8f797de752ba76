import Glibc
import NIOCore
import PosternHTTP
import Testing

@Suite struct HTTPServerErrorTests {
    private static let address = ListenAddress.tcp(host: "127.0.0.1", port: 80)

    @Test(arguments: [
        (EADDRINUSE, "another process does already"), (EACCES, "permission denied"), (EPERM, "permission denied"),
        (EADDRNOTAVAIL, "not an address of this machine"), (EMFILE, "cannot listen on 127.0.0.1:80"),
    ])
    func `says what happened and to what`(number: CInt, words: String) {
        let error = HTTPServerError(IOError(errnoCode: number, reason: "bind"), address: Self.address)
        #expect(error.description.hasPrefix("cannot listen on 127.0.0.1:80: "))
        #expect(error.description.contains(words))
    }

    @Test func `takes any other failure for a name that leads nowhere`() {
        struct Unknown: Error {}
        let error = HTTPServerError(Unknown(), address: Self.address)
        #expect(error == .addressUnavailable(Self.address, reason: "Unknown()"))
    }
}
