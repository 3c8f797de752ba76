/// A family of headers that differ in a number at the end, such as `X-DocuSign-Signature-1` to `-100`.
package struct NumberedHeader: Hashable, Sendable {
    /// The highest number that is looked at: what DocuSign documents.
    package static let highest = 100
    /// The position among the platform's families.
    package let index: Int
}
