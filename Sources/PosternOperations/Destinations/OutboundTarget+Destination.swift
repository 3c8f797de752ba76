package import PosternModel
package import PosternOutbound
package import PosternStore

extension OutboundTarget {
    /// A destination as requests to it need it, with the secrets that are active at `time`.
    ///
    /// An alert goes out unsigned where it must: whoever has lost the key file is to be told of it.
    ///
    /// - Throws: ``OutboundTargetError``.
    package init(_ destination: DestinationRecord, at time: Timestamp) throws(OutboundTargetError) {
        guard destination.kind != .postgresNotify, let text = destination.url else { throw .noRequest }
        let form = destination.kind == .alert ? .structured : PayloadForm(rawValue: destination.form.rawValue)
        guard let form else { throw .badForm(destination.form.rawValue) }
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
        if signing.isEmpty, destination.kind != .alert { throw .unsigned }
        self.init(
            destination: destination.id,
            url: url,
            headers: destination.headers.filter { $0.isActive(at: time) }.compactMap { header in
                header.name.map { name in (name: name, value: header.secret) }
            },
            signing: signing,
            form: form,
            timeout: destination.timeout,
            allowsPrivate: destination.allowsPrivate
        )
    }
}
