/// What the bodies of a run are.
package enum BodyChoice: Equatable, Sendable {
    /// Every sample of the platform in turn.
    case samples
    /// A sample padded to each of these sizes in turn, in bytes.
    case sizes([Int])
}
