/// One value or member name of an indexed document: 16 bytes, whatever the value's size.
///
/// Tokens stand in document order. A container is followed by its content: elements, or names and values in turn.
struct JSONToken: Sendable {
    /// The offset of the first byte: the opening quote or bracket, or the first byte of the literal.
    var start: UInt32
    /// The offset after the last byte.
    var end: UInt32
    /// The index of the first token after this value and everything in it.
    ///
    /// While the indexer is inside a container: the index of the container around it.
    var next: UInt32
    /// A container's number of elements or members; 1 for a string with escapes; otherwise 0.
    var detail: UInt32
}
