package import PosternModel

/// Which organization an account of a platform belongs to.
package struct AccountRecord: Sendable, Hashable {
    package let platform: PlatformName
    /// The platform's own identifier of the account.
    package let account: String
    package let organization: OrganizationID

    /// Joins the values.
    package init(platform: PlatformName, account: String, organization: OrganizationID) {
        self.platform = platform
        self.account = account
        self.organization = organization
    }
}
