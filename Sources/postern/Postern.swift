internal import ArgumentParser
internal import PosternCLI
internal import PosternCrypto

/// The executable: everything is in `PosternCLI`.
@main enum Postern {
    static func main() async {
        CryptoLibrary.stayUntilTheEnd()
        await PosternCommand.main()
    }
}
