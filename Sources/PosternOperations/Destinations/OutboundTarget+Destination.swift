internal import PosternModel
internal import PosternOutbound
internal import PosternStore

extension OutboundTarget {
    /// A destination as one request needs it, with the secrets that are active at `time`.
    ///
    /// - Throws: ``DestinationProbeError``.
    init(_ destination: DestinationRecord, at time: Timestamp) throws(DestinationProbeError) {
        guard let text = destination.url else { throw .noRequest }
        let url: OutboundURL
        do throws(OutboundURLError) {
            url = try OutboundURL(text)
        } catch {
            throw .badURL(error.description)
        }
        var signing: [SigningSecret] = []
        for secret in destination.signing where secret.isActive(at: time) {
            guard let key = SigningSecret(secret.secret) else { throw .badSigningSecret(secret.id) }
            signing.append(key)
        }
        if signing.isEmpty { throw .unsigned }
        self.init(
            destination: destination.id,
            url: url,
            headers: destination.headers.filter { $0.isActive(at: time) }.compactMap { header in
                header.name.map { name in (name: name, value: header.secret) }
            },
            signing: signing,
            form: PayloadForm(rawValue: destination.form.rawValue) ?? .structured,
            timeout: destination.timeout,
            allowsPrivate: destination.allowsPrivate
        )
    }
}
