/// How a step of a job ended.
package enum JobStepOutcome: Sendable, Equatable {
    /// It is committed, with so many items looked at; there may be more.
    case advanced(done: Int64)
    /// The job has come to its end.
    case ended(JobStatus)
    /// Somebody else runs the job now; nothing of the step is kept.
    case lost
}
