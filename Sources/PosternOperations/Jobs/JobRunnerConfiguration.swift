/// How a process runs jobs.
package struct JobRunnerConfiguration: Sendable {
    /// How many jobs at once; each step of one takes a connection for a moment.
    package var workers = 2
    /// How often to look for a job when there was none.
    package var pollInterval: Duration = .seconds(1)
    /// For how long a job is ours without a step: after a crash it waits this long for another process.
    package var lease: Duration = .seconds(30)
    /// The deadline of one step.
    package var stepLimit: Duration = .seconds(20)
    /// The most items of one step, whatever the rate.
    package var stepItems = 500

    /// Starts from the defaults.
    package init() {}
}
