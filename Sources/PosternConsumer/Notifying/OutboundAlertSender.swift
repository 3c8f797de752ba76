internal import PosternModel
internal import PosternOperations
package import PosternOutbound
package import PosternStore

/// Posts alerts as events are posted: to addresses that were checked, in bounded time.
package struct OutboundAlertSender: AlertSender {
    private let client: OutboundClient

    /// Sends through `client`, which whoever made it shuts down.
    package init(_ client: OutboundClient) { self.client = client }

    package func post(_ body: [UInt8], contentType: String, to destination: DestinationRecord) async -> String? {
        let target: OutboundTarget
        do throws(OutboundTargetError) {
            target = try OutboundTarget(destination, at: .now())
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
