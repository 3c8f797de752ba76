package import PosternModel

/// The limit in force for one organization's verified requests.
package struct OrganizationLimit: Hashable, Sendable {
    package let organization: OrganizationID
    /// The tier it is in.
    package let tier: String
    /// Its own numbers where it has any, else the tier's; whether it is in shadow mode is the tier's to say.
    package let limit: ConfiguredLimit

    /// Joins the values.
    package init(organization: OrganizationID, tier: String, limit: ConfiguredLimit) {
        self.organization = organization
        self.tier = tier
        self.limit = limit
    }
}
