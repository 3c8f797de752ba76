/// How well a definition is known to be right.
package enum Confidence: String, Sendable, CaseIterable {
    /// The platform's own page or repository was read.
    case documented
    /// The platform's own library gave the same verdicts.
    case sdk
    /// Other people's code or summaries only.
    case thirdParty = "third-party"
    /// A single source or none; never a default.
    case unconfirmed
}
