/// Why the plan of a job cannot be read.
package enum JobWorkError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The table names a type of job that this program does not know.
    case unknownType(String)
    /// The plan is not a JSON object.
    case malformed
    /// A member of the plan is missing.
    case missing(String)
    /// A member of the plan has another form than it should.
    case invalid(String)

    /// What happened, for people.
    package var description: String {
        switch self {
        case .unknownType(let type): "this program does not know jobs of the type '\(type)': upgrade it"
        case .malformed: "the plan of the job is not a JSON object"
        case .missing(let name): "the plan of the job has no '\(name)'"
        case .invalid(let name): "'\(name)' in the plan of the job cannot be read"
        }
    }
}
