/// Where in a request the signature stands.
enum SignatureLocation: Sendable {
    /// In one header, or in several that are each a candidate.
    case headers([HeaderSlot])
    /// In as many headers with numbered names as the sender has keys.
    case numbered(NumberedHeader)
    /// At a path in the body, or in the item being checked.
    case json(ValuePath)
    /// In a field of a form body.
    case form(String)

    /// Whether the body must be read to find it.
    var readsBody: Bool {
        switch self {
        case .headers, .numbered: false
        case .json, .form: true
        }
    }
}
