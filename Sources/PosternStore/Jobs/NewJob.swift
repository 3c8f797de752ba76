package import PosternModel

/// A job to be recorded.
package struct NewJob: Sendable {
    package var kind: JobKind
    /// Whose data it is about; `nil` for all.
    package var organization: OrganizationID?
    /// What exactly it does: a JSON object, which the job's own code writes and reads.
    package var plan: [UInt8]
    /// How many items the plan has.
    package var total: Int64
    /// The last item of the plan, in the job's own words: what is added later is not touched.
    package var bound: String
    /// How many items a second at most; `nil` for as fast as it goes.
    package var perSecond: Int32?

    /// Joins the fields.
    package init(
        kind: JobKind,
        organization: OrganizationID?,
        plan: [UInt8],
        total: Int64,
        bound: String,
        perSecond: Int32?
    ) {
        self.kind = kind
        self.organization = organization
        self.plan = plan
        self.total = total
        self.bound = bound
        self.perSecond = perSecond
    }
}
