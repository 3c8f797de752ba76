internal import Glibc
internal import PosternCases

/// Repeats one case, for a program that counts what it does: `postern-cases NAME COUNT`; `--list` names them all.
@main enum PosternCasesProgram {
    static func main() {
        let words = Array(CommandLine.arguments.dropFirst())
        do throws(CaseFailure) {
            if words == ["--list"] {
                for measured in try MeasuredCases.all() {
                    print("\(measured.name)\t\(measured.claim.description)\t\(measured.isLarge ? "large" : "-")")
                }
                return
            }
            guard words.count == 2, let count = Int(words[1]), count > 0 else {
                print("postern-cases NAME COUNT | --list")
                exit(2)
            }
            guard let measured = try MeasuredCases.named(words[0]) else {
                print("there is no case \(words[0])")
                exit(2)
            }
            let work = try measured.prepare()
            try work(count)
        } catch {
            print("\(words.first ?? ""): \(error)")
            exit(1)
        }
    }
}
