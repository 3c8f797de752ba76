/// A row for the dead letters.
package struct NewDeadLetter: Sendable {
    package let failed: FailedDelivery
    /// How often it was tried, the first time included; at least 1.
    package let attempts: Int32
    /// The definition that failed on it; `nil` when there was none.
    package let definitionVersion: Int32?

    /// Joins the fields.
    package init(failed: FailedDelivery, attempts: Int32, definitionVersion: Int32?) {
        self.failed = failed
        self.attempts = attempts
        self.definitionVersion = definitionVersion
    }
}
