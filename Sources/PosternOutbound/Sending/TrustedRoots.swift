internal import Logging
internal import NIOSSL

/// The certificates that vouch for destinations, shared by all clients.
///
/// A client that reads the system's file for itself takes 1 MiB, and one with shared certificates 9 KiB (139
/// certificates, swift-nio-ssl 2.37.6).
struct TrustedRoots: Sendable {
    private let additional: [NIOSSLCertificate]

    /// The system's certificates, read when the first client needs them.
    ///
    /// Without a file in the usual places the TLS library looks for itself.
    private static let system: NIOSSLTrustRoots =
        Self.systemFiles.lazy.compactMap(Self.read).first.map { .certificates($0) } ?? .default

    /// Where systems keep their certificates: Debian and its kin, Fedora and its kin, SUSE, Alpine.
    private static let systemFiles = [
        "/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
    ]

    /// Reads the certificates in `file`, which come beside the system's.
    ///
    /// A file that cannot be read adds nothing, which is logged: connections that need it will fail.
    init(additional file: String?, logger: Logger) {
        guard let file else {
            self.additional = []
            return
        }
        let found = Self.read(file)
        if found == nil { logger.error("certificates cannot be read", metadata: ["path": "\(file)"]) }
        self.additional = found ?? []
    }

    /// What a client needs: TLS 1.2 or newer, certificates and names verified.
    var configuration: TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.trustRoots = Self.system
        if !self.additional.isEmpty { configuration.additionalTrustRoots = [.certificates(self.additional)] }
        return configuration
    }

    /// The certificates in a file; `nil` when there is none, or none in it.
    private static func read(_ path: String) -> [NIOSSLCertificate]? {
        do {
            let found = try NIOSSLCertificate.fromPEMFile(path)
            return found.isEmpty ? nil : found
        } catch {
            return nil
        }
    }
}
