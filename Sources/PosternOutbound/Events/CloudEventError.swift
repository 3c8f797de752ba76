package import PosternJSON

/// Why stored attributes are not those of an event.
package enum CloudEventError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Not one JSON object within the limits.
    case malformed(JSONError)
    /// JSON, but not an object.
    case notAnObject
    /// Attributes of a version of CloudEvents that this program does not write.
    case unknownVersion
    /// An attribute that every event has is missing; its name.
    case missing(String)
    /// An attribute is not what its name promises; its name.
    case invalid(String)

    package var description: String {
        switch self {
        case .malformed(let error): "the attributes are not JSON: \(error)"
        case .notAnObject: "the attributes are not a JSON object"
        case .unknownVersion: "the attributes are not of CloudEvents 1.0"
        case .missing(let name): "the attribute \(name) is missing"
        case .invalid(let name): "the attribute \(name) cannot be read"
        }
    }
}
