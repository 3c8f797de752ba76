/// How the bodies of a platform are read: the `body:` of a definition.
package enum BodyFormat: String, Sendable, CaseIterable {
    /// JSON, whatever the Content-Type says; form bodies too when the definition names a `body_field`.
    case json
    /// A form, unless the Content-Type says JSON.
    case form
    /// XML.
    case xml
    /// What the Content-Type says; without a useful one, what the first byte says.
    case any
}
