/// What a connection remembers of a request until its answer comes.
struct Ticket {
    /// When it was due: what its latency counts from.
    let due: Int64
    /// When it was written: what its timeout counts from.
    let sent: Int64
    /// What it is.
    let kind: RequestKind
    /// The number of its key.
    let number: UInt64
    /// The draft it was made from.
    let draft: Int
}
