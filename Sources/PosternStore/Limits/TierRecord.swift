/// One tier and its limit.
package struct TierRecord: Sendable, Equatable {
    package let name: String
    package let limit: ConfiguredLimit
    /// How many organizations are in it, those with limits of their own included.
    package let organizations: Int64

    /// Joins the values.
    package init(
        name: String,
        limit: ConfiguredLimit,
        organizations: Int64
    ) {
        self.name = name
        self.limit = limit
        self.organizations = organizations
    }
}
