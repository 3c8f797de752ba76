/// Why a sample of a platform cannot be read.
package enum SampleError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The `.http` file is not a request line, headers, an empty line and a body.
    case malformedRequest(reason: String)
    /// The `.expected.json` file is not what the page on platforms describes.
    case malformedExpectation(reason: String)
    /// A file of the pair is missing or cannot be read.
    case unreadable(file: String, reason: String)

    package var description: String {
        switch self {
        case .malformedRequest(let reason): "the request cannot be read: \(reason)"
        case .malformedExpectation(let reason): "the expectation cannot be read: \(reason)"
        case .unreadable(let file, let reason): "\(file) cannot be read: \(reason)"
        }
    }
}
