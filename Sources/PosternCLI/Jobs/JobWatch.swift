internal import ArgumentParser
internal import PosternModel
internal import PosternPostgres
internal import PosternStore

/// Follows a job to its end.
enum JobWatch {
    private static let pause: Duration = .milliseconds(250)

    /// Shows the progress of a job and then what came of it; an interrupt ends the watching, not the job.
    ///
    /// Throws ``CommandFailure``, and `ExitCode.failure` when the job failed or was canceled.
    static func run(_ job: JobID, _ options: AdministrationOptions, _ output: OutputOptions) async throws {
        // One connection for as long as it takes: the thread waits between looks, and the interrupt ends the process.
        let record = try await options.run { _, connection in
            let progress = ProgressLine("job")
            defer { progress.end() }
            let bell = try WaitingBell()
            while true {
                let found = try JobReader.find(job, &connection, within: AdministrationOptions.limit)
                guard let found else { throw ConfigurationError.job(.notFound(job)) }
                if found.status.isFinal { return found }
                progress.show(found.done, of: found.total, note: found.status.rawValue)
                _ = bell.wait(within: Self.pause)
            }
        }
        JobReport.show(record, asJSON: output.json)
        if record.status != .succeeded { throw ExitCode.failure }
    }
}
