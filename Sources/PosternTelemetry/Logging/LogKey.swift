/// The keys of log metadata: the same thing has the same key in every record of every process.
package enum LogKey: String, CaseIterable, Sendable {
    /// An address we listen on or connect to; never the address of a person.
    case address
    /// How many times something has been tried.
    case attempt
    /// The number of things the record is about.
    case count
    /// A consumer's identifier.
    case consumer
    /// The name of the thread or session of ours.
    case connection
    /// A delivery's identifier.
    case deliveryID = "delivery_id"
    /// A destination's identifier.
    case destination
    /// How long something took.
    case duration
    /// An endpoint's identifier; never its key.
    case endpoint
    /// What went wrong, in its own words.
    case error
    /// A job's identifier.
    case job
    /// A lane's number.
    case lane
    /// A configured bound that was met.
    case limit
    /// A migration's number or name.
    case migration
    /// An organization's identifier.
    case organization
    /// What became of it.
    case outcome
    /// A file or folder.
    case path
    /// A platform's name.
    case platform
    /// A TCP port.
    case port
    /// Why.
    case reason
    /// The number of a request.
    case requestID = "request_id"
    /// When it is tried again.
    case retryAfter = "retry_after"
    /// Rows written or read.
    case rows
    /// A setting's name; never the value of a secret one.
    case setting
    /// A signal's name.
    case signal
    /// PostgreSQL's code for an error.
    case sqlstate
    /// An HTTP status.
    case status
    /// A version of ours, of PostgreSQL or of a definition.
    case version
    /// A writer's number.
    case writer
}
