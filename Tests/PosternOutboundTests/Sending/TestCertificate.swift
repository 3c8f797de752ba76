import NIOSSL
import PosternModel
import PosternTesting

/// A certificate that signed itself, for one name, in a directory of its own.
struct TestCertificate: Sendable {
    private let directory: String

    /// The file that a client can trust.
    var file: String { "\(self.directory)/certificate.pem" }

    /// Makes one with the openssl program, lends it, and removes it.
    static func with<Value>(
        name: String,
        _ body: (TestCertificate) async throws -> Value
    ) async throws -> Value {
        let certificate = TestCertificate(directory: "/tmp/certificate-\(UniqueID.timeOrdered(at: .now()))")
        try await onThread { try certificate.make(name) }
        let outcome: Result<Value, any Error>
        do { outcome = .success(try await body(certificate)) } catch { outcome = .failure(error) }
        _ = try await onThread { try Command.run("/bin/rm", ["-r", certificate.directory]) }
        return try outcome.get()
    }

    /// What a server needs to show it.
    func serverContext() throws -> NIOSSLContext {
        let chain = try NIOSSLCertificate.fromPEMFile(self.file).map { NIOSSLCertificateSource.certificate($0) }
        let key = try NIOSSLPrivateKey(file: "\(self.directory)/key.pem", format: .pem)
        return try NIOSSLContext(
            configuration: .makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key))
        )
    }

    private func make(_ name: String) throws {
        _ = try Command.run("/bin/mkdir", ["-m", "700", self.directory])
        _ = try Command.run(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:\(name)", "-out", self.file,
                "-keyout", "\(self.directory)/key.pem",
            ]
        )
    }
}
