/// A JSON text that has been checked once, in one pass, and can be read by path any number of times.
///
/// There is no tree: two allocations hold the index (16 bytes for each value and name), strings are made only when
/// asked for, and numbers stay the text they were. Of members with equal names the first counts.
package struct JSONDocument: Sendable {
    let storage: JSONStorage

    /// Checks `bytes` against RFC 8259 and the limits, and indexes them.
    ///
    /// O(n); safe on any input.
    ///
    /// - Throws: ``JSONError`` with the byte offset of the first fault.
    package init(bytes: [UInt8], limits: JSONLimits = .standard) throws(JSONError) {
        self.storage = JSONStorage(bytes: bytes, tokens: try JSONIndexer.tokens(of: bytes.span, limits: limits))
    }

    init(storage: JSONStorage) { self.storage = storage }

    /// The text as it was given.
    package var bytes: [UInt8] { self.storage.bytes }

    /// The one value of the text.
    package var root: JSONValue { JSONValue(storage: self.storage, index: 0) }

    /// Whether both are the same checked text, not merely equal ones.
    package func isSame(as other: JSONDocument) -> Bool { self.storage === other.storage }
}
