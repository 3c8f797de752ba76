/// A destination as people see it: everything but the bytes of its secrets.
package struct DestinationListing: Sendable, Equatable {
    /// The destination, without secrets.
    package let destination: DestinationRecord
    /// How many signing secrets are active now.
    package let activeSigningSecrets: Int64
    /// The names of its secret headers, in the order of the alphabet.
    package let headerNames: [String]

    /// Joins the values.
    package init(destination: DestinationRecord, activeSigningSecrets: Int64, headerNames: [String]) {
        self.destination = destination
        self.activeSigningSecrets = activeSigningSecrets
        self.headerNames = headerNames
    }
}
