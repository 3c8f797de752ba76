/// Why a delivery's body cannot be turned into events.
///
/// Every case is permanent: the same bytes will fail in the same way, so the delivery goes to the dead letters.
package enum NormalizationError: Error, Hashable, Sendable {
    /// Nothing, or nothing but blanks.
    case emptyBody
    /// Not JSON where JSON is expected.
    case malformedJSON(offset: Int, reason: String)
    /// Not XML where XML is expected, or XML with a document type declaration.
    case malformedXML(offset: Int, reason: String)
    /// Text that is not UTF-8; the offset is that of the text or form field.
    case malformedUTF8(offset: Int)
    /// More levels of nesting than are read.
    case tooDeep(limit: Int)
    /// A longer body than is read.
    case tooLarge(limitBytes: Int)
    /// More fields in a form, or elements in XML, than are read.
    case tooManyFields(limit: Int)
    /// More events in one delivery than are taken.
    case tooManyEvents(limit: Int)
    /// Events that would take more bytes together than are kept of one delivery.
    case eventsTooLarge(limitBytes: Int)
    /// A Content-Type that is neither JSON, form nor XML, and a body that does not look like one.
    case unsupportedMedia(String)

    /// The machine-readable code: in the dead letter, the log and the metric label.
    package var code: String {
        switch self {
        case .emptyBody: "empty_body"
        case .malformedJSON: "malformed_json"
        case .malformedXML: "malformed_xml"
        case .malformedUTF8: "malformed_utf8"
        case .tooDeep: "too_deep"
        case .tooLarge: "too_large"
        case .tooManyFields: "too_many_fields"
        case .tooManyEvents: "too_many_events"
        case .eventsTooLarge: "events_too_large"
        case .unsupportedMedia: "unsupported_media"
        }
    }
}

extension NormalizationError: CustomStringConvertible {
    /// What is wrong with the body, for the person who looks at the dead letter.
    package var description: String {
        switch self {
        case .emptyBody: "the body is empty"
        case .malformedJSON(let offset, let reason): "the body is not JSON: \(reason) at byte \(offset)"
        case .malformedXML(let offset, let reason):
            "the body is not XML that Postern reads: \(reason) at byte \(offset)"
        case .malformedUTF8(let offset): "the body is not UTF-8: invalid text at byte \(offset)"
        case .tooDeep(let limit): "the body nests deeper than \(limit) levels"
        case .tooLarge(let limit): "the body is longer than \(limit) bytes"
        case .tooManyFields(let limit): "the body has more than \(limit) fields"
        case .tooManyEvents(let limit): "the delivery holds more than \(limit) events"
        case .eventsTooLarge(let limit): "the delivery's events are longer than \(limit) bytes together"
        case .unsupportedMedia(let type): "bodies of this kind are not read: \(type.prefix(100))"
        }
    }
}
