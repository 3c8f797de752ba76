package import NIOCore

/// A request that is ready to be written.
package struct OutgoingRequest {
    /// The first bytes; of most requests all.
    package let head: ByteBuffer
    /// The body, where it is too long to be copied behind the head.
    package let body: ByteBuffer?
    /// What it is.
    package let kind: RequestKind
    /// The number its key is made of.
    package let number: UInt64
    /// Which draft it was made from.
    package let draft: Int
}
