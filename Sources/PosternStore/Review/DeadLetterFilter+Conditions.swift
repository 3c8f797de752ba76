internal import PosternModel
internal import PosternPostgres

extension DeadLetterFilter {
    /// The conditions of a filter on a table or alias `d`, as parameters 2 to 11; the states are parameter 1.
    ///
    /// All columns but the endpoint are in the indexes of the review, which are read alone then. The state is not among
    /// the conditions: a list asks for one state after the other, because only so its index gives the order.
    static let conditions = """
        ($2::text IS NULL OR d.platform = $2)
            AND ($3::text IS NULL OR d.event_type LIKE $3)
            AND ($4::text IS NULL OR d.failure_reason = $4)
            AND ($5::uuid IS NULL OR d.destination_id = $5)
            AND ($6::uuid IS NULL OR d.endpoint_id = $6)
            AND ($7::uuid IS NULL OR d.fingerprint = $7)
            AND ($8::timestamptz IS NULL OR d.created_at >= $8)
            AND ($9::timestamptz IS NULL OR d.created_at < $9)
            AND d.id > $10 AND d.id <= $11
        """

    /// The condition for one organization, as parameter 12: a statement of its own, so that its index is used.
    static let organizationCondition = "d.org_id = $12"

    /// The types of parameters 1 to 11.
    static let types: [PostgresType] = [
        .textArray, .text, .text, .text, .uuid, .uuid, .uuid, .timestamp, .timestamp, .uuid, .uuid,
    ]

    /// Appends the parameters, the organization among them if there is one.
    ///
    /// - Parameters:
    ///   - parameters: where to.
    ///   - lower: only letters behind this one.
    ///   - upper: only letters up to this one.
    func append(
        to parameters: inout ParameterBuffer,
        after lower: DeadLetterID? = nil,
        through upper: DeadLetterID? = nil
    ) {
        parameters.append(self.states.map(\.rawValue))
        parameters.append(self.platform)
        parameters.append(self.typeGlob.map(GlobPattern.like))
        parameters.append(self.reason)
        parameters.append(self.destination)
        parameters.append(self.endpoint)
        parameters.append(self.fingerprint)
        parameters.append(self.since)
        parameters.append(self.until)
        let (first, last) = self.bounds
        parameters.append(max(first, lower?.id ?? first))
        parameters.append(min(last, upper?.id ?? last))
        if let organization { parameters.append(organization) }
    }

    /// The range of identifiers in which letters of the filter's times are: identifiers carry the time they were made
    /// at, and a day covers any distance to the time of the letter.
    private var bounds: (UniqueID, UniqueID) {
        let day = Duration.seconds(86_400)
        return (
            self.since.map { Self.lowest(at: $0.advanced(by: .zero - day)) } ?? UniqueID(high: 0, low: 0),
            self.until.map { Self.lowest(at: $0.advanced(by: day)) } ?? UniqueID(high: .max, low: .max)
        )
    }

    private static func lowest(at time: Timestamp) -> UniqueID {
        let milliseconds = min(max(0, time.microseconds / 1000), 0xFFFF_FFFF_FFFF)
        return UniqueID(high: UInt64(milliseconds) << 16, low: 0)
    }
}
