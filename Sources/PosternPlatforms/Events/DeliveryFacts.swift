internal import PosternModel

/// What a stored delivery answers to references.
package struct DeliveryFacts: ReferenceSource, Sendable {
    private let headers: [(name: String, value: String)]
    private let parameters: [String: String]
    private let fields: FormBody?
    package let method: String?
    package let url: String?
    package let deliveryID: String?

    /// Collects the facts.
    ///
    /// - Parameters:
    ///   - headers: the headers that were kept, in order.
    ///   - parameters: the endpoint's settings.
    ///   - query: the raw query of the request, without its question mark.
    ///   - method: the request's method.
    ///   - url: the request's full URL.
    ///   - deliveryID: the sender's id of the delivery.
    package init(
        headers: [(name: String, value: String)] = [],
        parameters: [String: String] = [:],
        query: String? = nil,
        method: String? = nil,
        url: String? = nil,
        deliveryID: String? = nil
    ) {
        self.headers = headers
        self.parameters = parameters
        self.fields = query.map { FormBody(bytes: Array($0.utf8)) }
        self.method = method
        self.url = url
        self.deliveryID = deliveryID
    }

    package func header(_ name: String) -> String? {
        let wanted = name.utf8.span
        for field in self.headers where field.name.utf8.span.equalsIgnoringCase(wanted) { return field.value }
        return nil
    }

    package func query(_ name: String) -> String? { self.fields?.first(name) }

    package func parameter(_ name: String) -> String? { self.parameters[name] }
}
