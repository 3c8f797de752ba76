/// Destinations as consumers need them, and what of them could not be used.
package struct DestinationContents: Sendable, Equatable {
    /// Those that can be worked with, by organization and name.
    ///
    /// Left out is one that has a fault, except that of a signing secret beside another that opens: whatever it would
    /// send could be what nobody asked for, or unsigned. Its events wait in the log.
    package var destinations: [DestinationRecord] = []
    /// What is wrong with the others.
    package var faults: [DestinationFault] = []

    /// Starts with none.
    package init() {}
}
