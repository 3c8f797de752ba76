/// What deleting a destination did with what was on its way there.
package struct DestinationDeletion: Sendable, Equatable {
    /// How many waiting events became dead letters.
    package var buried: Int64 = 0
    /// How many dead letters, whose replay was waiting, are open again.
    package var reopened: Int64 = 0

    /// Starts with nothing.
    package init() {}
}
