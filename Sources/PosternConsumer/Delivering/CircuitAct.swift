internal import PosternModel

/// What the engine is to change in the database about a destination.
enum CircuitAct: Sendable {
    /// Opens a closed circuit.
    case open(DestinationID, reason: String)
    /// Closes it after a probe that was answered.
    case close(DestinationID)
    /// Opens it again after a probe that failed.
    case reopen(DestinationID, reason: String)
    /// Disables the destination, because it said that it is gone.
    case disable(DestinationID, reason: String)
}
