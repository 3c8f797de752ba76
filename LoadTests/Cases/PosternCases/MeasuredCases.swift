/// All cases, by group.
package enum MeasuredCases {
    /// The groups in the order of a delivery's way; a group's cases are made when somebody asks for them.
    private static let groups: [(name: String, cases: @Sendable () throws(CaseFailure) -> [MeasuredCase])] = [
        ("http", HTTPCases.all),
        ("verify", VerifyCases.all),
        ("limits", LimitCases.all),
        ("queue", QueueCases.all),
        ("gateway", GatewayCases.all),
        ("json", JSONCases.all),
        ("normalize", NormalizeCases.all),
        ("values", ValueCases.all),
    ]

    /// Every case.
    ///
    /// - Throws: ``CaseFailure/cannotPrepare(_:)`` when the platforms' definitions cannot be read.
    package static func all() throws(CaseFailure) -> [MeasuredCase] {
        var all: [MeasuredCase] = []
        for group in self.groups { all += try group.cases() }
        return all
    }

    /// The case of that name; `nil` when there is none.
    ///
    /// Makes no other group, so that counting a small thing does not begin with reading every platform's definition.
    package static func named(_ name: String) throws(CaseFailure) -> MeasuredCase? {
        for group in self.groups where name.hasPrefix("\(group.name)/") {
            return try group.cases().first { measured in measured.name == name }
        }
        return nil
    }
}
