internal import ArgumentParser

/// When a process ends besides a signal.
struct LifetimeOptions: ParsableArguments {
    @Flag(
        name: .customLong("until-input-ends"),
        help: ArgumentHelp(
            "Stop when standard input ends: how a supervisor's death stops its children.",
            visibility: .hidden
        )
    )
    var untilInputEnds = false
}
