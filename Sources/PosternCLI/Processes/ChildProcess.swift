internal import FoundationEssentials
internal import Glibc
internal import ServiceLifecycle
internal import Subprocess
internal import SystemPackage

/// Another `postern` process, started and stopped by this one.
struct ChildProcess: Service, CustomStringConvertible {
    /// The subcommand and its options.
    let arguments: [String]
    /// Everything the child sees of the environment.
    let environment: [String: String]

    /// The subcommand alone: the environment holds passwords.
    var description: String { self.arguments.first ?? "child" }

    func run() async throws {
        let name = self.arguments.first ?? "child"
        // The child runs until its input ends: by us, or by our own end, however it comes.
        let (input, lifeline) = try FileDescriptor.pipe()
        // Another child that inherited this end would keep the first one alive.
        _ = fcntl(lifeline.rawValue, F_SETFD, FD_CLOEXEC)
        let result = try await withGracefulShutdownHandler {
            try await Subprocess.run(
                .path(FilePath(Self.executable)),
                arguments: Arguments(self.arguments),
                environment: .custom(
                    Dictionary(
                        uniqueKeysWithValues: self.environment.map { key, value in
                            (Environment.Key(stringLiteral: key), value)
                        }
                    )
                ),
                input: .fileDescriptor(input, closeAfterSpawningProcess: true),
                output: .fileDescriptor(.standardOutput, closeAfterSpawningProcess: false),
                error: .fileDescriptor(.standardError, closeAfterSpawningProcess: false)
            )
        } onGracefulShutdown: {
            // Fails only if it is closed already, and then the child is told already.
            try? lifeline.close()
        }
        guard result.terminationStatus.isSuccess else {
            throw CommandFailure(
                code: "\(name)_failed",
                message: "the \(name) ended: \(result.terminationStatus); its reason is above"
            )
        }
    }

    /// The file of the running program, wherever it was started from.
    private static var executable: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
    }
}
