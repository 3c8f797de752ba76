internal import NIOCore
internal import NIOPosix
internal import Synchronization
internal import SystemPackage

/// The file in which acknowledged requests are noted: the witness of a run whose server is killed.
///
/// Any thread. Lines are appended by a thread that may block, in the order they are handed over; the system has them
/// when the write returns, so killing the generator costs at most what was not yet handed over.
package final class Ledger: Sendable {
    private let file: SystemPackage.FileDescriptor
    private let path: String
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let failure = Mutex<LoadFailure?>(nil)

    /// Opens the file for appending, or makes it.
    ///
    /// - Throws: ``LoadFailure/badOption(_:)``.
    package init(path: String) throws(LoadFailure) {
        do {
            self.file = try SystemPackage.FileDescriptor.open(
                FilePath(path),
                .writeOnly,
                options: [.append, .create, .closeOnExec],
                permissions: .ownerReadWrite
            )
        } catch {
            throw .badOption("--ledger \(path): \(error)")
        }
        self.path = path
        self.thread.start()
    }

    /// Hands lines over; returns at once.
    package func append(_ lines: [UInt8]) {
        self.thread.submit { state in
            guard case .active = state else { return self.fail("it was closed") }
            do { _ = try self.file.writeAll(lines) } catch { self.fail("\(error)") }
        }
    }

    /// What kept lines from being written, if anything.
    package var problem: LoadFailure? { self.failure.withLock { $0 } }

    /// Waits until everything is written, and closes the file.
    ///
    /// - Throws: ``LoadFailure/ledger(_:)`` when any line was not written.
    package func close() async throws(LoadFailure) {
        do {
            // Behind everything that was handed over before.
            try await self.thread.runIfActive {}
            try await self.thread.shutdownGracefully()
            try self.file.close()
        } catch {
            self.fail("\(error)")
        }
        if let problem = self.problem { throw problem }
    }

    private func fail(_ reason: String) {
        self.failure.withLock { failure in failure = failure ?? .ledger("\(self.path): \(reason)") }
    }
}
