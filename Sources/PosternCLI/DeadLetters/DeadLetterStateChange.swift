internal import PosternJSON
internal import PosternModel
internal import PosternPostgres
internal import PosternStore

/// An act on some dead letters, one by one.
enum DeadLetterStateChange {
    /// Acts on each and says so; stops at the first that is refused.
    ///
    /// Throws ``CommandFailure``.
    static func run(
        _ letters: [DeadLetterID],
        _ options: AdministrationOptions,
        _ output: OutputOptions,
        state: DeadLetterState,
        _ act: @escaping @Sendable (Administration, DeadLetterID, inout Connection) throws -> Void
    ) async throws {
        try await options.run { administration, connection in
            for letter in letters {
                try act(administration, letter, &connection)
                if !output.json { Terminal.say("\(letter) is \(state.rawValue)") }
            }
        }
        guard output.json else { return }
        var writer = JSONWriter()
        writer.beginArray()
        for letter in letters {
            writer.beginObject()
            writer.member("id", string: letter.description)
            writer.member("state", string: state.rawValue)
            writer.endObject()
        }
        writer.endArray()
        print(writer.text)
    }
}
