/// What keeps a test from beginning.
package enum TestFailure: Error, CustomStringConvertible, Sendable {
    /// No test database was named.
    case noDatabase
    /// A tool that a test needs did not do its work.
    case tool(String)

    package var description: String {
        switch self {
        case .noDatabase:
            "POSTERN_TEST_DATABASE is not set: export POSTERN_TEST_DATABASE=\"$(.ci/postgres start /tmp/pg-mine)\""
        case .tool(let message): message
        }
    }
}
