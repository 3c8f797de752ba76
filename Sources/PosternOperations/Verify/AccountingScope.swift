package import PosternModel

/// What the accounting looks at, and how long it may take.
package struct AccountingScope: Sendable {
    /// Whose rows; `nil` for all, and only then the numbering of the logs.
    package var organization: OrganizationID?
    /// Days that ended before this time are left out; `nil` for none.
    package var since: Timestamp?
    /// How long event keys are remembered; the consumers' setting.
    package var deduplicationWindow: Duration = .seconds(72 * 3600)
    /// The most faults that are named.
    package var faultLimit = 100
    /// The deadline of one statement.
    package var statementLimit: Duration = .seconds(3600)
    /// The deadline of all of it; the snapshot is held as long.
    package var wholeLimit: Duration = .seconds(24 * 3600)

    /// Looks at everything.
    package init() {}
}
