/// A setting that an endpoint of a platform may carry.
package struct EndpointParameter: Equatable, Sendable {
    /// The word in the definition, in settings and in references (`parameter:app_key`).
    package let name: String
    /// Whether an endpoint cannot do without.
    package let isRequired: Bool
    /// What it is and where to find it.
    package let about: String
}
