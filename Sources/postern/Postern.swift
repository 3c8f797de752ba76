internal import ArgumentParser
internal import PosternCLI

/// The executable: everything is in `PosternCLI`.
@main enum Postern {
    static func main() async { await PosternCommand.main() }
}
