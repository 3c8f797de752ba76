internal import PosternModel
package import PosternOutbound
package import PosternStore

/// Posts alerts as events are posted: to addresses that were checked, in bounded time.
package struct OutboundAlertSender: AlertSender {
    private let client: OutboundClient

    /// Sends through `client`, which whoever made it shuts down.
    package init(_ client: OutboundClient) { self.client = client }

    package func post(_ body: [UInt8], contentType: String, to destination: DestinationRecord) async -> String? {
        let target: OutboundTarget
        do throws(OutboundURLError) {
            target = OutboundTarget(
                destination: destination.id,
                url: try OutboundURL(destination.url ?? ""),
                headers: destination.headers.compactMap { header in header.name.map { ($0, header.secret) } },
                signing: destination.signing.compactMap { secret in
                    String(validating: secret.secret.bytes, as: UTF8.self).flatMap { SigningSecret($0) }
                },
                form: .structured,
                timeout: destination.timeout,
                allowsPrivate: destination.allowsPrivate
            )
        } catch {
            return "\(error)"
        }
        let answer = await self.client.post(body, contentType: contentType, to: target)
        switch AttemptVerdict(answer) {
        case .delivered: return nil
        case .transient(let reason), .permanent(let reason): return reason
        case .gone: return "gone"
        }
    }
}
