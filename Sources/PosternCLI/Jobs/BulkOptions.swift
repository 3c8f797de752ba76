internal import ArgumentParser
internal import Glibc
internal import PosternJSON
internal import PosternModel
internal import PosternOperations
internal import PosternPostgres
internal import PosternStore

/// How a command that acts on many things does so: first a plan, then a question, then a job.
struct BulkOptions: ParsableArguments {
    /// More than these are acted on only after a question.
    private static let unaskedLimit: Int64 = 10

    @Flag(help: "Say how many there are, and change nothing.") var dryRun = false
    @Flag(help: "Do not ask before a job with more than \(Self.unaskedLimit) items.") var yes = false
    @Option(help: "How many a second at most; 0 is as fast as it goes.") var perSecond = JobPlan.defaultPerSecond
    @Flag(help: "Wait for the end of the job; in a terminal that is what happens anyway.") var wait = false

    /// Plans the work, asks, starts the job and shows its progress.
    ///
    /// Throws ``CommandFailure``, and `ExitCode` when the job does not succeed.
    func run(
        _ options: AdministrationOptions,
        _ output: OutputOptions,
        verb: String,
        noun: String,
        _ work: @escaping @Sendable (Administration, inout Connection) throws -> JobWork
    ) async throws {
        guard (0...100_000).contains(self.perSecond) else {
            throw CommandFailure(code: "bad_option", message: "--per-second is \(self.perSecond), must be 0 to 100000")
        }
        let plan = try await options.run { administration, connection in
            try JobPlan.make(
                try work(administration, &connection),
                &connection,
                within: AdministrationOptions.limit
            )
        }
        if self.dryRun || plan.total == 0 {
            Self.show(plan, job: nil, output, verb: verb, noun: noun)
            return
        }
        try self.confirm(plan, output, verb: verb, noun: noun)
        let rate = self.perSecond == 0 ? nil : self.perSecond
        let job = try await options.run { administration, connection in
            try plan.start(
                perSecond: rate,
                acting: administration,
                &connection,
                within: AdministrationOptions.limit
            )
        }
        let isWatched = self.wait || (isatty(STDOUT_FILENO) == 1 && !output.json)
        if !isWatched || !output.json { Self.show(plan, job: job, output, verb: verb, noun: noun) }
        guard let job, isWatched else { return }
        try await JobWatch.run(job, options, output)
    }

    /// Asks before much is done.
    ///
    /// - Throws: ``CommandFailure`` when nobody can be asked, or the answer is no.
    private func confirm(_ plan: JobPlan, _ output: OutputOptions, verb: String, noun: String) throws {
        guard plan.total > Self.unaskedLimit, !self.yes else { return }
        guard isatty(STDIN_FILENO) == 1, !output.json else {
            throw CommandFailure(
                code: "confirmation_required",
                message: "the job would \(verb) \(Self.count(plan, noun)): look with --dry-run, then say --yes"
            )
        }
        print("\(verb.prefix(1).uppercased())\(verb.dropFirst()) \(Self.count(plan, noun))? [y/N] ", terminator: "")
        guard let answer = readLine()?.lowercased(), ["y", "yes"].contains(answer) else {
            throw CommandFailure(code: "not_confirmed", message: "nothing was done")
        }
    }

    /// `1 event`, `27 events`.
    private static func count(_ plan: JobPlan, _ noun: String) -> String {
        let one = noun.hasSuffix("ies") ? "\(noun.dropLast(3))y" : String(noun.dropLast(noun.hasSuffix("s") ? 1 : 0))
        return "\(plan.total) \(plan.total == 1 ? one : noun)"
    }

    private static func show(_ plan: JobPlan, job: JobID?, _ output: OutputOptions, verb: String, noun: String) {
        guard output.json else {
            if let job {
                print("job \(job): \(verb) \(Self.count(plan, noun)); 'postern job watch \(job)' shows how it goes")
            } else {
                print(plan.total == 0 ? "no \(noun) match: nothing to do" : "would \(verb) \(Self.count(plan, noun))")
            }
            return
        }
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("type", string: plan.work.kind.rawValue)
        writer.member("total", integer: plan.total)
        writer.member("dry_run", boolean: job == nil)
        writer.member("job", string: job?.description)
        writer.member("plan", raw: plan.work.plan)
        writer.endObject()
        print(writer.text)
    }
}
