/// A source that has nothing: for references that read the body alone.
package struct EmptySource: ReferenceSource, Sendable {
    /// Makes the empty source.
    package init() {}
}
