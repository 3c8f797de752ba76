package import PosternModel

/// Why an act on a job was refused; the job is as it was.
package enum JobRefusal: Error, Equatable, Sendable {
    case notFound(JobID)
    /// The act is not for a job of this status.
    case wrongStatus(JobID, JobStatus)

    /// The stable code for scripts and answers.
    package var code: String {
        switch self {
        case .notFound: "job_not_found"
        case .wrongStatus: "wrong_job_status"
        }
    }
}

extension JobRefusal: CustomStringConvertible {
    /// What happened and what to do next.
    package var description: String {
        switch self {
        case .notFound(let id): "there is no job '\(id)': `postern job list` shows those there are"
        case .wrongStatus(let id, let status):
            "the job \(id) \(Self.words(status)): only one that waits or runs can be canceled, and only one that failed "
                + "or was canceled can be taken up again"
        }
    }
    private static func words(_ status: JobStatus) -> String {
        switch status {
        case .planned: "is planned"
        case .waiting: "waits"
        case .running: "runs"
        case .succeeded: "has succeeded"
        case .failed: "has failed"
        case .canceled: "was canceled"
        }
    }
}
