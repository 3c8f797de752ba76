/// What references may ask about a request or a stored delivery, apart from its JSON body.
///
/// Each requirement has a default that answers "not there", so a source names only what it has.
package protocol ReferenceSource {
    /// The first header of this name, whatever its case.
    func header(_ name: String) -> String?
    /// The first query parameter of this name, percent-decoded.
    func query(_ name: String) -> String?
    /// The first field of this name in a form body, decoded.
    func form(_ name: String) -> String?
    /// A setting of the endpoint.
    func parameter(_ name: String) -> String?
    /// The request's method.
    var method: String? { get }
    /// The request's full URL as the platform knows it.
    var url: String? { get }
    /// The signed time as it was sent.
    var signedTime: String? { get }
    /// The sender's own id of the delivery.
    var deliveryID: String? { get }
    /// The message authenticated with the newest active signing secret, used as text; handshakes only.
    func hmacSHA256(_ message: String, as encoding: TextEncoding) -> String?
}

extension ReferenceSource {
    package func header(_ name: String) -> String? { nil }
    package func query(_ name: String) -> String? { nil }
    package func form(_ name: String) -> String? { nil }
    package func parameter(_ name: String) -> String? { nil }
    package var method: String? { nil }
    package var url: String? { nil }
    package var signedTime: String? { nil }
    package var deliveryID: String? { nil }
    package func hmacSHA256(_ message: String, as encoding: TextEncoding) -> String? { nil }
}
