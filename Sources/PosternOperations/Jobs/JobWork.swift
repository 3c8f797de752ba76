internal import PosternJSON
package import PosternModel
package import PosternStore

/// What a job does, and to what: the meaning of its type and plan.
package enum JobWork: Sendable, Equatable {
    /// To their own destinations, or all to another one.
    case replayDeadLetters(DeadLetterFilter, to: DestinationID? = nil)
    case discardDeadLetters(DeadLetterFilter, reason: String)
    case acknowledgeDeadLetters(DeadLetterFilter, note: String?)
    case reopenDeadLetters(DeadLetterFilter, note: String?)
    case replayEvents(EventReplayFilter)
    case renormalize(RenormalizationScope)

    /// The word in the table.
    package var kind: JobKind {
        switch self {
        case .replayDeadLetters: .replayDeadLetters
        case .discardDeadLetters: .discardDeadLetters
        case .acknowledgeDeadLetters: .acknowledgeDeadLetters
        case .reopenDeadLetters: .reopenDeadLetters
        case .replayEvents: .replayEvents
        case .renormalize: .renormalize
        }
    }

    /// Whose data it is about; `nil` for all.
    package var organization: OrganizationID? {
        switch self {
        case .replayDeadLetters(let filter, _), .discardDeadLetters(let filter, _),
            .acknowledgeDeadLetters(let filter, _), .reopenDeadLetters(let filter, _):
            filter.organization
        case .replayEvents(let filter): filter.organization
        case .renormalize(let scope): scope.organization
        }
    }

    /// The plan as it is stored: a JSON object.
    package var plan: [UInt8] {
        var writer = JSONWriter()
        writer.beginObject()
        switch self {
        case .replayDeadLetters(let filter, let destination):
            filter.write(into: &writer)
            if let destination { writer.member("to", string: destination.description) }
        case .discardDeadLetters(let filter, let reason):
            filter.write(into: &writer)
            writer.member("note", string: reason)
        case .acknowledgeDeadLetters(let filter, let note), .reopenDeadLetters(let filter, let note):
            filter.write(into: &writer)
            if let note { writer.member("note", string: note) }
        case .replayEvents(let filter): filter.write(into: &writer)
        case .renormalize(let scope): scope.write(into: &writer)
        }
        writer.endObject()
        return writer.bytes
    }

    /// Reads what a job is to do.
    ///
    /// - Throws: ``JobWorkError`` for anything this program would not do exactly as it was planned.
    package init(_ job: JobRecord) throws(JobWorkError) {
        guard let kind = job.kind else { throw .unknownType(job.type) }
        let plan = try PlanReader(job.plan)
        switch kind {
        case .replayDeadLetters: self = .replayDeadLetters(try DeadLetterFilter(plan), to: try plan.id("to"))
        case .discardDeadLetters:
            self = .discardDeadLetters(try DeadLetterFilter(plan), reason: try plan.requiredText("note"))
        case .acknowledgeDeadLetters:
            self = .acknowledgeDeadLetters(try DeadLetterFilter(plan), note: try plan.text("note"))
        case .reopenDeadLetters:
            self = .reopenDeadLetters(try DeadLetterFilter(plan), note: try plan.text("note"))
        case .replayEvents: self = .replayEvents(try EventReplayFilter(plan))
        case .renormalize: self = .renormalize(try RenormalizationScope(plan))
        }
    }
}
