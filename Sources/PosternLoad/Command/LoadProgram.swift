internal import ArgumentParser

/// The whole program but its entry.
package enum LoadProgram {
    /// What a person who is not understood gets.
    private static let badArguments: Int32 = 2

    /// Reads the command line, runs, and gives the status to exit with.
    package static func run(_ arguments: [String]? = nil) async -> Int32 {
        do {
            var command = try LoadCommand.parse(arguments)
            try await command.run()
            return 0
        } catch let failure as LoadFailure {
            StandardStream.error.say("Error: \(failure)")
            return failure.exitStatus
        } catch let code as ExitCode {
            return code.rawValue
        } catch {
            let isHelp = LoadCommand.exitCode(for: error).isSuccess
            (isHelp ? StandardStream.output : .error).say(LoadCommand.fullMessage(for: error))
            return isHelp ? 0 : Self.badArguments
        }
    }
}
