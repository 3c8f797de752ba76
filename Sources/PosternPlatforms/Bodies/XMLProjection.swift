internal import PosternJSON

/// Turns XML into JSON, so that paths read both alike.
///
/// The root element is the object itself. In an element's object stand, in order: each attribute as `@name` (namespace
/// declarations are left out), each child under its name as written (`yt:videoId`), its own text as `#text`. A name that
/// occurs once has the value itself, one that is repeated an array. An element with neither attributes nor children is
/// its text, an empty one the empty string. The root's object begins with its name as `#name`.
///
/// Document type declarations are refused, and with them every entity but the five that XML itself has.
package enum XMLProjection {
    /// Limits for reading the result: each level of XML makes at most two of JSON.
    static let jsonLimits = JSONLimits(depth: XMLLimits.standard.depth * 2 + 2)

    /// The JSON text for an XML body.
    ///
    /// - Throws: ``NormalizationError`` for what is not well-formed, not UTF-8, past a limit, or has a DTD.
    package static func json(
        _ bytes: [UInt8],
        limits: XMLLimits = .standard
    ) throws(NormalizationError) -> [UInt8] {
        guard bytes.count <= limits.bytes else { throw .tooLarge(limitBytes: limits.bytes) }
        if let offset = Self.firstFault(bytes) { throw .malformedUTF8(offset: offset) }
        var reader = XMLReader(bytes, limits: limits)
        let root = try reader.document()
        var writer = JSONWriter(capacity: bytes.count)
        root.node.write(to: &writer, name: root.name)
        return writer.bytes
    }

    /// The offset of the first byte that is not UTF-8, or that is NUL (which no XML text may hold).
    private static func firstFault(_ bytes: [UInt8]) -> Int? {
        let zero = bytes.firstIndex(of: 0)
        guard String(validating: bytes, as: UTF8.self) == nil else { return zero }
        // Only now, for the message, find the place: the repaired text differs from the original there.
        let repaired = String(decoding: bytes, as: UTF8.self).utf8
        let fault = zip(bytes, repaired).enumerated().first { $0.element.0 != $0.element.1 }?.offset
        return min(zero ?? bytes.count, fault ?? bytes.count)
    }
}
