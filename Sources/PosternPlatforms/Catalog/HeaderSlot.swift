/// The number under which a platform keeps the values of one header, so that no request is searched by name.
package struct HeaderSlot: Hashable, Sendable {
    /// The position among the platform's headers of interest.
    package let index: Int
}
