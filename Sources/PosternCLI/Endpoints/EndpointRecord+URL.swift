internal import PosternModel
internal import PosternStore

extension EndpointRecord {
    /// Path of the endpoint on every gateway.
    var path: String { "/webhooks/\(self.platform)/\(self.key)" }

    /// What is given to the platform: `origin` is scheme, host and port as platforms see them.
    func url(origin: String) -> String { origin + self.path }
}
