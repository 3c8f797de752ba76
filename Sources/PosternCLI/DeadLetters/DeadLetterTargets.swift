internal import PosternModel

/// The dead letters a command names one by one.
enum DeadLetterTargets {
    /// Reads their ids; filters without `--all` are refused, so that nobody takes one for the other.
    ///
    /// - Throws: ``CommandFailure``.
    static func letters(_ ids: [String], _ filters: DeadLetterFilterOptions) throws -> [DeadLetterID] {
        if !filters.isEmpty {
            throw CommandFailure(code: "bad_option", message: "filters go with --all, not with ids")
        }
        if ids.isEmpty {
            throw CommandFailure(code: "nothing_named", message: "say which: give ids, or --all with filters")
        }
        return try ids.map(DeadLetterFilterOptions.letter)
    }
}
