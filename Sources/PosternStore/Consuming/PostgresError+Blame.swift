package import PosternPostgres

extension PostgresError {
    /// Whether the data of a statement was refused, and not the statement or the moment: the same batch without the row
    /// to blame can succeed.
    ///
    /// Class 22 is "data exception", class 54 "program limit exceeded" (an index entry too long, nesting too deep).
    package var blamesData: Bool {
        guard case .refused(let sqlstate, _) = self else { return false }
        return sqlstate.hasPrefix("22") || sqlstate.hasPrefix("54")
    }
}
