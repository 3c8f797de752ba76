/// Why a destination cannot have a header field.
package enum CustomHeaderError: Error, Equatable, Sendable, CustomStringConvertible {
    case badName
    case reservedName(String)
    case badValue

    package var description: String {
        switch self {
        case .badName: "the name of a header field is 1 to 256 letters, digits and !#$%&'*+-.^_`|~"
        case .reservedName(let name): "the header field \(name) is Postern's to set"
        case .badValue: "the value of a header field is at most 8192 bytes of text without line ends and controls"
        }
    }
}
