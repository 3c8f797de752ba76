/// A failure of a command, for a person and for a script.
///
/// ArgumentParser prints the description to standard error and exits with status 1.
struct CommandFailure: Error, CustomStringConvertible {
    /// A stable word: `organization_not_found`.
    let code: String
    /// What happened, to what, and what to do next.
    let message: String

    var description: String { "\(self.message) [\(self.code)]" }
}
