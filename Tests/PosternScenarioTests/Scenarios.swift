import Testing

/// The built executable under what happens to it: kill -9, lost databases, forged requests, restarts, users.
///
/// One scenario after another: each runs several processes, and the machine has two cores.
@Suite(.serialized, .timeLimit(.minutes(5))) enum Scenarios {}
