internal import PosternJSON
internal import PosternModel
internal import PosternStore

/// What the commands say of a job.
enum JobReport {
    /// Prints everything about one job.
    static func show(_ job: JobRecord, asJSON: Bool) {
        guard asJSON else {
            self.printText(job)
            return
        }
        var writer = JSONWriter()
        writer.beginObject()
        Self.write(job, into: &writer)
        writer.endObject()
        print(writer.text)
    }

    private static func printText(_ job: JobRecord) {
        func say(_ name: String, _ value: String?) {
            if let value { print("\(name.padded(14))\(PrintableText.escape(value))") }
        }
        say("id", "\(job.id)")
        say("type", job.type)
        say(
            "status",
            job.cancelRequestedAt != nil && !job.status.isFinal
                ? "\(job.status.rawValue), to be canceled" : job.status.rawValue
        )
        say("progress", "\(job.done) of \(job.total), \(job.percentage) %")
        say("result", job.counts.isEmpty ? nil : Self.counts(job))
        say("message", job.message)
        say("error", job.error)
        say("asked for by", job.who)
        say("organization", job.organization.map { "\($0)" })
        say("plan", String(decoding: job.plan, as: UTF8.self))
        say("at most", job.perSecond.map { "\($0) a second" })
        say("run by", job.owner)
        say("created", "\(job.createdAt)")
        say("started", job.startedAt.map { "\($0)" })
        say("finished", job.finishedAt.map { "\($0)" })
    }

    /// `queued 12, skipped 1 (destination deleted or disabled)`.
    static func counts(_ job: JobRecord) -> String { JobCounts.text(job.counts) }

    /// Writes the members of a JSON object.
    static func write(_ job: JobRecord, into writer: inout JSONWriter) {
        writer.member("id", string: job.id.description)
        writer.member("type", string: job.type)
        writer.member("status", string: job.status.rawValue)
        writer.member("percentage", integer: Int64(job.percentage))
        writer.member("done", integer: job.done)
        writer.member("total", integer: job.total)
        writer.member("message", string: job.message)
        writer.name("result")
        writer.beginObject()
        for (name, count) in job.counts.sorted(by: { $0.key < $1.key }) { writer.member(name, integer: count) }
        writer.endObject()
        writer.member("error", string: job.error)
        writer.member("who", string: job.who)
        writer.member("organization", string: job.organization?.description)
        writer.member("plan", raw: job.plan)
        writer.member("per_second", integer: job.perSecond.map(Int64.init))
        writer.member("owner", string: job.owner)
        writer.member("cancel_requested_at", string: job.cancelRequestedAt?.description)
        writer.member("created_at", string: job.createdAt.description)
        writer.member("started_at", string: job.startedAt?.description)
        writer.member("finished_at", string: job.finishedAt?.description)
    }

    /// Reads a job's id.
    ///
    /// - Throws: ``CommandFailure``.
    static func job(_ text: String) throws -> JobID {
        guard let id = JobID(text: text) else {
            throw CommandFailure(code: "bad_id", message: "'\(text)' is not the id of a job")
        }
        return id
    }
}
