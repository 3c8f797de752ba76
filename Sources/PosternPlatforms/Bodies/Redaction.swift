package import PosternJSON

/// Masks values that must not be kept, such as a key that a platform sends in the body.
package enum Redaction {
    /// What stands in a masked value's place.
    package static let mask: [UInt8] = Array(#""[redacted]""#.utf8)

    /// The places of the values at these paths, in order and without overlaps.
    ///
    /// Any kind of value is masked but `null`; a path that matches nothing is no fault.
    package static func ranges(_ document: JSONDocument, paths: [ValuePath]) -> [Range<Int>] {
        guard !paths.isEmpty else { return [] }
        let scope = ReferenceScope(source: EmptySource(), body: document.root)
        let found = paths.flatMap { $0.items(in: scope) }
            .filter { $0.value.document.isSame(as: document) }
            .map(\.value.raw)
            .sorted { ($0.lowerBound, -$0.upperBound) < ($1.lowerBound, -$1.upperBound) }
        var ranges: [Range<Int>] = []
        for range in found where range.lowerBound >= ranges.last?.upperBound ?? 0 { ranges.append(range) }
        return ranges
    }

    /// The whole document with the values at these paths masked.
    package static func masked(_ document: JSONDocument, paths: [ValuePath]) -> [UInt8] {
        Self.masked(document.bytes[...], ranges: Self.ranges(document, paths: paths))
    }

    /// A part of a document with those ranges masked that lie in it; all of it when it lies in one.
    static func masked(_ part: ArraySlice<UInt8>, ranges: [Range<Int>]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(part.count)
        var position = part.startIndex
        for range in ranges where range.overlaps(part.indices) {
            if range.lowerBound < part.startIndex || range == part.indices { return Self.mask }
            output.append(contentsOf: part[position..<range.lowerBound])
            output.append(contentsOf: Self.mask)
            position = range.upperBound
        }
        output.append(contentsOf: part[position...])
        return output
    }
}
