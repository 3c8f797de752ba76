package import PosternModel

/// A job as stored.
package struct JobRecord: Sendable, Equatable {
    package let id: JobID
    package let organization: OrganizationID?
    /// The word in the table; may be one that this program does not know.
    package let type: String
    /// Who asked for it.
    package let who: String
    package let status: JobStatus
    package let percentage: Int32
    package let message: String?
    /// What was counted so far, by name.
    package let counts: [String: Int64]
    package let error: String?
    /// A JSON object: what exactly it does.
    package let plan: [UInt8]
    /// How many items the plan has.
    package let total: Int64
    /// How many of them were looked at.
    package let done: Int64
    package let perSecond: Int32?
    /// Behind the last item that was looked at.
    package let position: String?
    /// The last item of the plan.
    package let bound: String?
    /// The process that runs it.
    package let owner: String?
    /// Goes up with every start: whoever holds an older one writes nothing more.
    package let fence: Int64
    package let leasedUntil: Timestamp?
    package let cancelRequestedAt: Timestamp?
    package let createdAt: Timestamp
    package let startedAt: Timestamp?
    package let finishedAt: Timestamp?

    /// Joins the fields.
    package init(
        id: JobID,
        organization: OrganizationID?,
        type: String,
        who: String,
        status: JobStatus,
        percentage: Int32,
        message: String?,
        counts: [String: Int64],
        error: String?,
        plan: [UInt8],
        total: Int64,
        done: Int64,
        perSecond: Int32?,
        position: String?,
        bound: String?,
        owner: String?,
        fence: Int64,
        leasedUntil: Timestamp?,
        cancelRequestedAt: Timestamp?,
        createdAt: Timestamp,
        startedAt: Timestamp?,
        finishedAt: Timestamp?
    ) {
        self.id = id
        self.organization = organization
        self.type = type
        self.who = who
        self.status = status
        self.percentage = percentage
        self.message = message
        self.counts = counts
        self.error = error
        self.plan = plan
        self.total = total
        self.done = done
        self.perSecond = perSecond
        self.position = position
        self.bound = bound
        self.owner = owner
        self.fence = fence
        self.leasedUntil = leasedUntil
        self.cancelRequestedAt = cancelRequestedAt
        self.createdAt = createdAt
        self.startedAt = startedAt
        self.finishedAt = finishedAt
    }

    /// What it does, if this program knows it.
    package var kind: JobKind? { JobKind(rawValue: self.type) }
}
