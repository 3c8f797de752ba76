internal import PosternPostgres
package import PosternStore

extension HealthReport.Component {
    /// How many destinations take nothing at the moment.
    ///
    /// Always well: a tenant's failing destination is no fault of the process.
    package init(_ counts: DestinationStatistics.Counts) {
        self.init(
            "destinations",
            .ok,
            [
                ("all", .number(counts.all)), ("open_circuits", .number(counts.openCircuits)),
                ("disabled", .number(counts.disabled)), ("paused", .number(counts.paused)),
            ]
        )
    }
}
