import PosternModel
import PosternOutbound

extension OutboundTarget {
    /// A destination; what a test is about is said in its own call.
    static func sample(
        _ url: String = "https://hooks.example.com/in",
        destination: DestinationID = .fresh(at: .now()),
        headers: [(name: String, value: Secret)] = [],
        signing: [SigningSecret] = [],
        form: PayloadForm = .structured,
        timeout: Duration = .seconds(10),
        allowsPrivate: Bool = false
    ) throws -> OutboundTarget {
        OutboundTarget(
            destination: destination,
            url: try OutboundURL(url),
            headers: headers,
            signing: signing,
            form: form,
            timeout: timeout,
            allowsPrivate: allowsPrivate
        )
    }
}
