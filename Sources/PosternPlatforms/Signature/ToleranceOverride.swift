/// What an endpoint says about how old a signed request may be.
package enum ToleranceOverride: Hashable, Sendable {
    /// As the platform's definition has it.
    case platform
    /// So many seconds; the limit for the future becomes the same where the platform has one other than none.
    case seconds(Int)
    /// However old: deduplication alone stands against replays.
    case unlimited
}
